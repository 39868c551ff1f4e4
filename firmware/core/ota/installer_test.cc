// Installing patches: what is right lands in the other slot, whatever is wrong is told apart,
// nothing takes long, the running slot is never touched.
#include "core/ota/installer.h"

#include <cstring>

#include "host/fake_ports.h"
#include "host/fake_update.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

struct InstallBench {
  FakeFlash patch_flash{0x10000};
  FakeSlots slots;
  Bytes base = make_image(1);
  Bytes image = make_image(2, 9000);
  std::uint8_t sha256[Sha256::kBytes];
  Installer installer{patch_flash, slots};

  InstallBench() { std::memcpy(slots.images[0].bytes.data(), base.data(), base.size()); }

  void put(const Bytes& patch) {
    std::memcpy(patch_flash.bytes.data(), patch.data(), patch.size());
    Sha256 hash;
    hash.update(patch.data(), patch.size());
    hash.finish(sha256);
  }
  Installer::State install(const Bytes& patch) {
    put(patch);
    return run(static_cast<std::uint32_t>(patch.size()));
  }
  Installer::State run(std::uint32_t size) {
    installer.start(size, sha256);
    for (int ticks = 0; installer.state() == Installer::State::kWorking && ticks < 1000; ++ticks) {
      const std::uint64_t before = slots.next_flash().bytes_changed;
      installer.tick();
      CHECK(slots.next_flash().bytes_changed - before <= Installer::kSectorBytes);
    }
    CHECK_EQ(slots.images[0].bytes_changed, 0u);
    return installer.state();
  }
  bool image_is_there() {
    return std::memcmp(slots.images[1].bytes.data(), image.data(), image.size()) == 0;
  }
};

void check_refused(const Bytes& patch, std::string_view why) {
  InstallBench bench;
  CHECK(bench.install(patch) == Installer::State::kRefused);
  CHECK_EQ(bench.installer.why(), why);
}

}  // namespace

TEST(installer_writes_the_new_image_into_the_other_slot) {
  InstallBench bench;
  CHECK(bench.install(make_patch(bench.base, bench.image)) == Installer::State::kReady);
  CHECK(bench.image_is_there());
  CHECK_EQ(bench.installer.image().size, bench.image.size());
  CHECK(std::memcmp(bench.installer.image().digest, &*(bench.image.end() - 32), 32) == 0);
}

TEST(installer_refuses_a_patch_that_is_none_or_for_another_base) {
  const InstallBench good;
  const Bytes patch = make_patch(good.base, good.image);
  Bytes other = patch;
  other[0] ^= 1;
  check_refused(other, "it is no patch");
  other = patch;
  other[40] = 1;
  check_refused(other, "the patch header is of an unknown version");
  check_refused(make_patch(good.image, good.image), "the patch is for another base image");
  check_refused(Bytes(patch.begin(), patch.begin() + 64), "the patch is shorter than its header");
  check_refused(Bytes(patch.begin(), patch.end() - 1), "the patch is malformed");
  other = patch;
  other[64] = 0x14;
  check_refused(other, "the patch is of a kind this version does not know");
}

TEST(installer_refuses_a_result_that_is_no_image_for_this_chip) {
  const InstallBench good;
  check_refused(make_patch(good.base, make_image(3, 500, 5)), "the new image is for another chip");
  check_refused(make_patch(good.base, Bytes(900, 7)), "the patch makes no whole app image");
  Bytes longer = good.image;
  longer.resize(longer.size() + 16);
  check_refused(make_patch(good.base, longer), "the patch makes no whole app image");
}

TEST(installer_tells_a_damaged_download_from_a_bad_image) {
  InstallBench bench;
  const Bytes patch = make_patch(bench.base, bench.image);
  bench.put(patch);
  bench.patch_flash.bytes[700] ^= 4;
  CHECK(bench.run(static_cast<std::uint32_t>(patch.size())) == Installer::State::kDamaged);
  CHECK_EQ(bench.slots.images[1].bytes_changed, 0u);
  Bytes wrong = bench.image;
  wrong[100] ^= 1;  // its hash is no longer right
  CHECK(bench.install(make_patch(bench.base, wrong)) == Installer::State::kFailed);
}

TEST(installer_never_takes_a_wrong_image_for_right_whatever_the_patch_says) {
  const InstallBench good;
  const Bytes whole = make_patch(good.base, good.image);
  std::uint32_t seed = 7;
  int ready = 0;
  for (int i = 0; i < 200; ++i) {
    InstallBench bench;
    Bytes patch = whole;
    for (int flips = 0; flips <= i % 3; ++flips) {
      seed = seed * 1664525u + 1013904223u;
      // Half of them in the header and the first numbers.
      const std::uint32_t at = (seed >> 8) % (i % 2 == 0 ? 80u : patch.size());
      patch[at] ^= static_cast<std::uint8_t>(1u << (seed >> 4) % 8);
    }
    // Offered with the hash it has: only what is inside can give it away.
    if (bench.install(patch) != Installer::State::kReady) continue;
    ++ready;
    CHECK(bench.image_is_there());
  }
  CHECK(ready < 20);  // flips that undo each other
}

TEST(installer_reports_a_flash_that_does_not_take_the_image) {
  InstallBench bench;
  bench.slots.images[1].fails = true;
  CHECK(bench.install(make_patch(bench.base, bench.image)) == Installer::State::kFailed);
  bench.slots.images[1].fails = false;
  CHECK(bench.install(make_patch(bench.base, bench.image)) == Installer::State::kReady);
}

TEST(installer_starts_over_after_a_power_cut_at_any_byte) {
  InstallBench whole;
  whole.install(make_patch(whole.base, whole.image));
  const std::uint64_t all = whole.slots.images[1].bytes_changed;
  for (std::uint64_t cut = 1; cut < all; cut += 97) {
    InstallBench bench;
    bench.slots.images[1].bytes_until_cut = cut;
    CHECK(bench.install(make_patch(bench.base, bench.image)) == Installer::State::kFailed);
    bench.slots.images[1].bytes_until_cut = ~0ull;
    CHECK(bench.install(make_patch(bench.base, bench.image)) == Installer::State::kReady);
    CHECK(bench.image_is_there());
  }
}

TEST(app_images_are_found_and_measured) {
  for (const std::uint32_t payload : {4u, 12u, 16u, 1000u}) {
    const Bytes image = make_image(5, payload);
    FakeFlash flash;
    std::memcpy(flash.bytes.data(), image.data(), image.size());
    const auto found = find_app_image(flash, 0x10000);
    CHECK(found && found->size == image.size() && found->chip_id == 9);
    CHECK(!find_app_image(flash, static_cast<std::uint32_t>(image.size() - 1)));
    for (const std::size_t at : {0u, 1u, 23u, 31u}) {
      FakeFlash bad = flash;
      bad.bytes[at] = 0xF0;
      CHECK(!find_app_image(bad, 0x10000));
    }
  }
}
