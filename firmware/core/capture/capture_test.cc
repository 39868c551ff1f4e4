// Frame readers and the receiver's schedule.
#include <vector>

#include "core/capture/frames.h"
#include "core/capture/schedule.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {
std::span<const std::uint8_t> bytes_of(const RadioFrame& frame, std::size_t size) {
  return {frame.bytes, size};
}
}  // namespace

TEST(probe_request_gives_its_sender) {
  const RadioFrame frame = probe_frame(0x123456, -60);
  const auto probe = parse_probe_request(bytes_of(frame, frame.size));
  CHECK(probe.has_value());
  CHECK_EQ(probe->source, 0x020000123456ull);
  CHECK(probe->randomised);
  const RadioFrame fixed = probe_frame(0x123456, -60, false);
  CHECK(!parse_probe_request(bytes_of(fixed, fixed.size))->randomised);
}

TEST(probe_request_gives_sequence_number_and_elements) {
  RadioFrame frame = probe_frame(1, -60);
  frame.bytes[22] = 0xC7;  // fragment 7 of number 0xABC
  frame.bytes[23] = 0xAB;
  const auto probe = parse_probe_request(bytes_of(frame, frame.size));
  CHECK_EQ(probe->sequence, 0xABC);
  CHECK_EQ(probe->elements.size(), frame.size - 24);
  CHECK(probe->elements.data() == frame.bytes + 24);
}

TEST(other_management_frames_are_ignored) {
  RadioFrame frame = probe_frame(1, -60);
  for (int control = 0; control < 256; ++control) {
    frame.bytes[0] = static_cast<std::uint8_t>(control);
    CHECK_EQ(parse_probe_request(bytes_of(frame, frame.size)).has_value(), control == 0x40);
  }
}

TEST(group_senders_are_ignored) {
  RadioFrame frame = probe_frame(1, -60);
  frame.bytes[10] |= 1;
  CHECK(!parse_probe_request(bytes_of(frame, frame.size)));
}

// The copy has exactly the frame's size, so that a read beyond it is caught by the sanitizer.
TEST(truncated_frames_are_survived) {
  const RadioFrame probe = probe_frame(1, -60);
  const RadioFrame ble = ble_frame(1, -60, true);
  for (std::size_t n = 0; n < probe.size; ++n) {
    const std::vector<std::uint8_t> cut(probe.bytes, probe.bytes + n);
    // Without elements, or after a whole one, it is still well-formed.
    const bool whole = n == 24 || n == 26;
    CHECK_EQ(parse_probe_request(cut).has_value(), whole);
  }
  for (std::size_t n = 0; n <= ble.size; ++n) {
    const std::vector<std::uint8_t> cut(ble.bytes, ble.bytes + n);
    const bool whole = n == 7 || n == 10 || n == ble.size;
    CHECK_EQ(parse_ble_advertisement(cut).has_value(), whole);
  }
}

TEST(random_bytes_are_survived) {
  FakeSystem random;
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::uint8_t> frame(random.random() >> 24);
    for (std::uint8_t& byte : frame) byte = static_cast<std::uint8_t>(random.random() >> 24);
    if (!frame.empty() && i % 2 == 0) frame[0] = 0x40;
    parse_probe_request(frame);
    if (!frame.empty()) frame[0] &= 1;
    parse_ble_advertisement(frame);
  }
}

TEST(ble_tells_apple_from_others) {
  const RadioFrame apple = ble_frame(7, -60, true);
  const RadioFrame other = ble_frame(7, -60, false, false);
  const auto a = parse_ble_advertisement(bytes_of(apple, apple.size));
  const auto o = parse_ble_advertisement(bytes_of(other, other.size));
  CHECK(a->apple && a->randomised);
  CHECK(!o->apple && !o->randomised);
  CHECK_EQ(a->source, 0x410000000007ull);
}

TEST(radio_hops_for_29_seconds_then_listens_to_ble_for_one) {
  FakeRadio radio;
  RadioSchedule schedule(radio);
  schedule.start(500);
  int wifi_ms = 0;
  int ble_ms = 0;
  int on_channel[14] = {};
  for (Millis now = 500; now < 500 + 3 * RadioSchedule::kCycleMs; now += 100) {
    Wake wake(now);
    schedule.tick(now, wake);
    const int mode = radio.modes.back();
    if (mode < 0) ble_ms += 100;
    else wifi_ms += 100, on_channel[mode] += 100;
  }
  CHECK_EQ(ble_ms, 3 * 1000);
  CHECK_EQ(wifi_ms, 3 * 29000);
  CHECK_EQ(on_channel[1], 29000);
  CHECK_EQ(on_channel[6], 29000);
  CHECK_EQ(on_channel[11], 29000);
}
