// 802.11 and BLE frames as the radio hands them over, into the parsers and the counter behind them.
// Input: kind, RSSI, then the frame.
#include <cstring>
#include <memory>

#include "core/capture/frames.h"
#include "core/counting/traffic_counter.h"
#include "host/fuzz/fuzz.h"

namespace jambox::fuzz {

void fuzz_frames(const std::uint8_t* data, std::size_t size) {
  // Large, and it may keep what earlier inputs left: that must not matter.
  static auto counter = std::make_unique<TrafficCounter>();
  static std::uint32_t minute = 0;
  Input input(data, size);
  RadioFrame frame;
  const bool ble = (input.byte() & 1) != 0;
  frame.kind = ble ? RadioFrame::Kind::kBleAdvertisement : RadioFrame::Kind::kWifiManagement;
  frame.rssi_dbm = static_cast<std::int8_t>(input.byte());
  const std::string_view bytes = input.text(kRadioFrameMax);
  frame.size = bytes.size();
  std::memcpy(frame.bytes, bytes.data(), bytes.size());
  // Exactly as long as the frame, so that one byte beyond is noticed.
  const std::unique_ptr<std::uint8_t[]> exact(new std::uint8_t[bytes.size()]);
  std::memcpy(exact.get(), bytes.data(), bytes.size());
  const std::span<const std::uint8_t> view(exact.get(), bytes.size());
  constexpr Address kLimit = Address{1} << 48;
  if (const auto probe = parse_probe_request(view)) {
    promise(probe->source < kLimit && bytes.size() >= 24, "a probe request has a 48-bit sender");
    promise((probe->source >> 40 & 1) == 0, "no group address sends");
  }
  if (const auto adv = parse_ble_advertisement(view)) {
    promise(adv->source < kLimit && bytes.size() >= 7, "an advertisement has a 48-bit sender");
  }
  const Counts before = counter->counts();
  counter->on_frame(frame, minute);
  const Counts& after = counter->counts();
  promise(after.impressions - before.impressions <= 1, "a frame counts once at most");
  promise(after.ble_impressions - before.ble_impressions <= 1, "an advertisement counts once");
  if (++minute % 64 == 0) counter->on_minute(minute / 64);
  if (minute % 100'000 == 0) counter->forget();
}

}  // namespace jambox::fuzz
