// The patch decoder against patches of detools and Espressif, and against damage of all kinds.
#include "core/ota/delta_decoder.h"

#include <cstring>

#include "core/base/sha256.h"
#include "host/fake_ports.h"
#include "host/test.h"
#include "host/vectors.h"

using namespace jambox;
using namespace jambox::test;

namespace {

using Bytes = std::vector<std::uint8_t>;

FakeFlash flash_of(const Bytes& bytes) {
  FakeFlash flash(static_cast<std::uint32_t>(bytes.size()));
  flash.bytes = bytes;
  return flash;
}

struct Applied {
  bool ok;
  Bytes made;
};

Applied apply_patch(const Bytes& patch, const Bytes& base, std::uint32_t piece = 100,
                    std::uint32_t target_max = 0x10000) {
  FakeFlash patch_flash = flash_of(patch);
  FakeFlash base_flash = flash_of(base);
  DeltaDecoder decoder(patch_flash, base_flash);
  const auto size = static_cast<std::uint32_t>(patch.size());
  if (!decoder.open(0, size, static_cast<std::uint32_t>(base.size()), target_max)) return {};
  Applied applied{};
  Bytes buffer(piece);
  while (!decoder.done() && !decoder.broken()) {
    const std::uint32_t n = decoder.read(buffer.data(), piece);
    applied.made.insert(applied.made.end(), buffer.begin(), buffer.begin() + n);
    CHECK(applied.made.size() <= decoder.target_size());
  }
  applied.ok = decoder.done();
  if (applied.ok) CHECK_EQ(applied.made.size(), decoder.target_size());
  return applied;
}

// A patch without compression: every byte of it can be chosen.
Applied apply_plain(const Bytes& behind_kind, const Bytes& base) {
  Bytes patch{0x00};
  patch.insert(patch.end(), behind_kind.begin(), behind_kind.end());
  return apply_patch(patch, base);
}

const Bytes kDeltaBase{10, 20, 30, 40};

}  // namespace

TEST(delta_makes_what_detools_and_espressif_made_in_pieces_of_any_size) {
  const Bytes foo = vector_file("delta/foo-old");
  for (const std::uint32_t piece : {1u, 7u, 256u, 4096u}) {
    const Applied esp =
        apply_patch(vector_file("delta/esp-patch.bin"), vector_file("delta/esp-base.bin"), piece);
    CHECK(esp.ok && esp.made == vector_file("delta/esp-new.bin"));
    for (const char* patch : {"delta/foo-heatshrink.patch", "delta/foo-none.patch"}) {
      const Applied made = apply_patch(vector_file(patch), foo, piece);
      CHECK(made.ok && made.made == vector_file("delta/foo-new"));
    }
  }
}

TEST(delta_refuses_what_is_broken_or_of_another_kind) {
  for (const char* patch :
       {"broken-bad-compression", "broken-bad-patch-type", "broken-diff-data-too-long",
        "broken-empty", "broken-extra-data-too-long", "broken-one-byte", "broken-short-to-size",
        "broken-short", "foo-heatshrink-10-5"}) {
    const std::string path = "delta/" + std::string(patch) + ".patch";
    CHECK(!apply_patch(vector_file(path.c_str()), vector_file("delta/foo-old")).ok);
  }
}

TEST(delta_for_another_base_does_not_make_the_image) {
  const Applied made =
      apply_patch(vector_file("delta/esp-bad_patch.bin"), vector_file("delta/esp-base.bin"));
  CHECK(!made.ok || made.made != vector_file("delta/esp-new.bin"));
}

TEST(delta_cut_short_anywhere_is_refused) {
  const Bytes patch = vector_file("delta/foo-heatshrink.patch");
  const Bytes base = vector_file("delta/foo-old");
  for (std::size_t size = 0; size + 2 < patch.size(); ++size) {
    CHECK(!apply_patch(Bytes(patch.begin(), patch.begin() + static_cast<long>(size)), base).ok);
  }
}

TEST(delta_rounds_move_about_in_the_base) {
  // To size 5, plain data; 2 of the base + 1; 1 of its own; 1 back; 2 of the base.
  const Applied made = apply_plain({5, 0, 2, 1, 1, 1, 99, 0x41, 2, 0, 0, 0}, kDeltaBase);
  CHECK(made.ok && made.made == Bytes({11, 21, 99, 20, 30}));
}

TEST(delta_never_reaches_outside_its_base_or_its_image) {
  CHECK(apply_plain({4, 0, 4, 0, 0, 0, 0, 0}, kDeltaBase).ok);
  CHECK(!apply_plain({5, 0, 5, 0, 0, 0, 0, 0, 0}, kDeltaBase).ok);              // base too short
  CHECK(!apply_plain({5, 0, 1, 0, 0, 0x42, 4, 0, 0, 0, 0, 0}, kDeltaBase).ok);  // before its start
  CHECK(!apply_plain({5, 0, 1, 0, 0, 3, 4, 0, 0, 0, 0, 0}, kDeltaBase).ok);     // behind its end
  CHECK(!apply_plain({2, 0, 3, 0, 0, 0, 0}, kDeltaBase).ok);                    // diff too long
  CHECK(!apply_plain({2, 0, 0, 3, 1, 2, 3}, kDeltaBase).ok);                    // extra too long
  CHECK(!apply_plain({2, 0, 0x41, 0}, kDeltaBase).ok);                          // negative size
  CHECK(!apply_plain({2, 1, 0, 2, 1, 2}, kDeltaBase).ok);  // instructions taken apart
  CHECK(!apply_plain({2, 0, 1, 0}, kDeltaBase).ok);        // no size of extra data
}

TEST(delta_of_no_or_too_many_bytes_is_refused_at_once) {
  CHECK(!apply_plain({0, 0}, kDeltaBase).ok);
  CHECK(!apply_plain({0x42, 0, 0, 2, 1, 2}, kDeltaBase).ok);                 // minus two
  CHECK(!apply_plain({0x80, 0x80, 0x80, 0x80, 0x80, 1, 0}, kDeltaBase).ok);  // number too long
  const Bytes patch = vector_file("delta/foo-none.patch");
  CHECK(apply_patch(patch, vector_file("delta/foo-old"), 100, 2780).ok);
  CHECK(!apply_patch(patch, vector_file("delta/foo-old"), 100, 2779).ok);
}

TEST(delta_that_gets_nowhere_ends) {
  Bytes patch{2, 0};
  patch.insert(patch.end(), 3000, 0);  // no diff, no extra, no move; for ever
  CHECK(!apply_plain(patch, kDeltaBase).ok);
}

TEST(delta_with_flipped_bits_never_crashes_or_outgrows_its_size) {
  std::uint32_t seed = 1;
  const auto random = [&seed] { return (seed = seed * 1664525u + 1013904223u) >> 8; };
  const Bytes base = vector_file("delta/esp-base.bin");
  const Bytes whole = vector_file("delta/esp-patch.bin");
  const Bytes wanted = vector_file("delta/esp-new.bin");
  int made_right = 0;
  for (int i = 0; i < 1500; ++i) {
    Bytes patch = whole;
    const std::uint32_t flips = 1 + random() % 4;
    for (std::uint32_t k = 0; k < flips; ++k) {
      // Half of them in the first bytes, where sizes and parameters are.
      const std::uint32_t at = random() % (random() % 2 == 0 ? 16 : patch.size());
      patch[at] ^= static_cast<std::uint8_t>(1u << random() % 8);
    }
    const Applied made = apply_patch(patch, base, 512);
    if (made.ok && made.made == wanted) ++made_right;
  }
  CHECK(made_right < 150);  // flips that undo each other, or in the padding
}
