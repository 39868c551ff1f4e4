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
TEST(a_frame_that_was_cut_counts_as_far_as_it_goes) {
  const RadioFrame probe = probe_frame(1, -60);
  const RadioFrame ble = ble_frame(1, -60, true);
  for (std::size_t n = 0; n < probe.size; ++n) {
    const std::vector<std::uint8_t> cut(probe.bytes, probe.bytes + n);
    const auto read = parse_probe_request(cut);
    CHECK_EQ(read.has_value(), n >= 24);
    if (read) CHECK_EQ(read->source, 0x020000000001ull);
    if (read) CHECK_EQ(read->elements.size(), n < 26 ? 0u : 2u);
  }
  for (std::size_t n = 0; n <= ble.size; ++n) {
    const std::vector<std::uint8_t> cut(ble.bytes, ble.bytes + n);
    const auto read = parse_ble_advertisement(cut);
    CHECK_EQ(read.has_value(), n >= 7);
    if (read) CHECK_EQ(read->apple, n == ble.size);
  }
}

// The element's length against what the frame has left: a count is never lost over it.
TEST(an_element_longer_than_the_frame_is_left_out) {
  const RadioFrame probe = probe_frame(1, -60);
  for (std::size_t said = 0; said < 256; ++said) {
    for (std::size_t room = 0; (room < 256); room += said > 4 && said < 250 ? 5 : 1) {
      std::vector<std::uint8_t> frame(probe.bytes, probe.bytes + 24);
      frame.push_back(221);
      frame.push_back(static_cast<std::uint8_t>(said));
      frame.resize(frame.size() + room, 0);  // zeros: empty elements of id 0, in pairs
      const auto read = parse_probe_request(frame);
      CHECK(read.has_value());
      const std::size_t after = room >= said ? (room - said) / 2 * 2 : 0;
      CHECK_EQ(read->elements.size(), room >= said ? 2 + said + after : 0u);
    }
  }
}

TEST(ht_control_before_the_elements_is_passed_over) {
  const RadioFrame probe = probe_frame(1, -60);
  std::vector<std::uint8_t> frame(probe.bytes, probe.bytes + probe.size);
  frame[1] = 0x80;
  frame.insert(frame.begin() + 24, {1, 2, 3, 4});
  const auto read = parse_probe_request(frame);
  CHECK_EQ(read->elements.size(), probe.size - 24);
  CHECK(read->elements.data() == frame.data() + 28);
  frame.resize(26);
  CHECK(parse_probe_request(frame)->elements.empty());
}

TEST(what_is_encrypted_is_not_read_as_elements) {
  const RadioFrame probe = probe_frame(1, -60);
  std::vector<std::uint8_t> frame(probe.bytes, probe.bytes + probe.size);
  frame[1] = 0x40;
  CHECK(parse_probe_request(frame)->elements.empty());
}

// Bluetooth Core 5.4 Vol 6 Part B 1.3.2: of the random addresses only the private ones change.
TEST(a_ble_address_changes_by_its_two_highest_bits) {
  RadioFrame frame = ble_frame(1, -60, false);
  for (int type = 0; type < 4; ++type) {
    for (int top = 0; top < 256; ++top) {
      frame.bytes[0] = static_cast<std::uint8_t>(type);
      frame.bytes[6] = static_cast<std::uint8_t>(top);
      const auto read = parse_ble_advertisement(bytes_of(frame, frame.size));
      CHECK_EQ(read.has_value(), type < 2);
      if (read) CHECK_EQ(read->randomised, type == 1 && top < 0x80);
    }
  }
}

TEST(an_address_is_fixed_or_random_by_one_bit_alone) {
  RadioFrame frame = probe_frame(1, -60);
  for (int first = 0; first < 256; ++first) {
    frame.bytes[10] = static_cast<std::uint8_t>(first);
    const auto probe = parse_probe_request(bytes_of(frame, frame.size));
    CHECK_EQ(probe.has_value(), (first & 1) == 0);
    if (probe) CHECK_EQ(probe->randomised, (first & 2) != 0);
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
  FakeKeyValue kv;
  RadioHealth health(kv);
  RadioSchedule schedule(radio, health);
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

TEST(radio_changes_channel_every_three_seconds_in_turn) {
  FakeRadio radio;
  FakeKeyValue kv;
  RadioHealth health(kv);
  RadioSchedule schedule(radio, health);
  schedule.start(0);
  std::vector<Millis> changed_at;
  for (Millis now = 0; now < 3 * RadioSchedule::kCycleMs;) {
    const std::size_t before = radio.modes.size();
    Wake wake(now);
    schedule.tick(now, wake);
    if (radio.modes.size() > before) changed_at.push_back(now);
    CHECK(wake.delay_ms() > 0);
    now += wake.delay_ms();  // it asks to run when a slot ends, or after the longest sleep
  }
  CHECK_EQ(changed_at.size(), 33u);  // three cycles of ten Wi-Fi slots and one of BLE
  CHECK_EQ(radio.modes.size(), 33u);
  if (changed_at.size() != 33 || radio.modes.size() != 33) return;
  for (std::size_t i = 0; i < 33; ++i) {
    const std::size_t slot = i % 11;
    CHECK_EQ(changed_at[i], i / 11 * 30'000 + (slot < 10 ? slot * 3'000 : 29'000));
    const int turn[] = {1, 6, 11};
    CHECK_EQ(radio.modes[i], slot == 10 ? -1 : turn[(slot + i / 11) % 3]);
  }
}

TEST(radio_goes_on_in_time_after_a_stall) {
  FakeRadio radio;
  FakeKeyValue kv;
  RadioHealth health(kv);
  RadioSchedule schedule(radio, health);
  schedule.start(1000);
  for (const Millis now : {1000u, 30'500u, 31'000u, 1000u + 3u * 30'000u + 4'000u}) {
    Wake wake(now);
    schedule.tick(now, wake);
  }
  const std::vector<int> wanted = {1, -1, 6, 6};  // the last: second slot of the fourth cycle
  CHECK(radio.modes == wanted);
}

TEST(radio_hops_over_the_configured_channels_and_leaves_none_out) {
  for (const std::uint16_t set : {1u << 6, 1u << 1 | 1u << 13, 0x3FFEu}) {
    FakeRadio radio;
    FakeKeyValue kv;
    RadioHealth health(kv);
    RadioSchedule schedule(radio, health);
    schedule.start(0);
    schedule.set_channels(static_cast<std::uint16_t>(set));
    int on_channel[14] = {};
    for (Millis now = 0; now < 13 * RadioSchedule::kCycleMs; now += 100) {
      Wake wake(now);
      schedule.tick(now, wake);
      if (radio.modes.back() > 0) on_channel[radio.modes.back()] += 100;
    }
    int least = 1 << 30;
    int most = 0;
    for (int channel = 1; channel <= 13; ++channel) {
      if ((set >> channel & 1) == 0) CHECK_EQ(on_channel[channel], 0);
      else least = on_channel[channel] < least ? on_channel[channel] : least;
      most = on_channel[channel] > most ? on_channel[channel] : most;
    }
    CHECK(least > 0 && most <= least + 13000);
  }
}
