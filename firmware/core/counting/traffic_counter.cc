// Device counting, see traffic_counter.h.
#include "core/counting/traffic_counter.h"

namespace jambox {

void TrafficCounter::on_frame(const RadioFrame& frame, std::uint32_t minute) {
  const std::span<const std::uint8_t> bytes(frame.bytes, frame.size);
  if (frame.kind == RadioFrame::Kind::kWifiManagement) {
    if (const auto probe = parse_probe_request(bytes)) on_probe(*probe, frame.rssi_dbm, minute);
  } else if (const auto adv = parse_ble_advertisement(bytes)) {
    on_ble(*adv, frame.rssi_dbm, minute);
  }
}

void TrafficCounter::on_probe(const ProbeRequest& probe, std::int8_t rssi_dbm,
                              std::uint32_t minute) {
  if (!probe.randomised) return count_up(counts_.rejected_static);
  count_up(counts_.impressions);
  counts_.probe_rssi.add(rssi_dbm);
  Device* device = wifi_.find_or_enter(probe.source);
  if (device == nullptr) return count_up(counts_.overflow);
  const std::uint8_t zone = zone_of(rssi_dbm);
  const bool is_new = device->period == 0;
  if (is_new || minute != device->last_minute) {
    if (is_new) device->first_minute = minute;
    device->last_minute = minute;
    device->period = static_cast<std::uint16_t>(period_ + 1);
    device->zone = zone;
    count_up(counts_.device_minutes);
    count_up(counts_.zones[zone]);
  } else if (zone < device->zone && device->period == static_cast<std::uint16_t>(period_ + 1)) {
    // The strongest signal of a minute decides its zone. A minute that the previous period has
    // counted already stays there as it was.
    count_down(counts_.zones[device->zone]);
    count_up(counts_.zones[zone]);
    device->zone = zone;
  }
}

void TrafficCounter::on_ble(const BleAdvertisement& adv, std::int8_t rssi_dbm,
                            std::uint32_t minute) {
  if (!adv.randomised) return count_up(counts_.rejected_static);
  if (adv.source == 0) return;
  if (minute != ble_minute_) {
    ble_.clear();
    ble_minute_ = minute;
  }
  count_up(counts_.ble_impressions);
  counts_.ble_rssi.add(rssi_dbm);
  Device* device = ble_.find_or_enter(adv.source);
  if (device == nullptr) return count_up(counts_.overflow);
  if (device->period != 0) return;
  device->period = 1;  // counted in this minute
  count_up(counts_.ble_device_minutes);
  count_up(adv.apple ? counts_.ble_apple : counts_.ble_other);
}

void TrafficCounter::on_minute(std::uint32_t minute) {
  wifi_.remove_if([this, minute](const Device& device) {
    if (device.last_minute + kAbsentMinutes >= minute) return false;
    end_stay(device);
    return true;
  });
}

void TrafficCounter::forget() {
  wifi_.remove_if([this](const Device& device) {
    end_stay(device);
    return true;
  });
  ble_.clear();
}

void TrafficCounter::end_stay(const Device& device) {
  const std::uint32_t minutes = device.last_minute - device.first_minute;
  int bucket = 0;
  while (bucket < 3 && minutes >= thresholds_.stay_minutes[bucket]) ++bucket;
  count_up(counts_.stays[bucket]);
}

std::uint8_t TrafficCounter::zone_of(std::int8_t rssi_dbm) const {
  // Borders as shared/metrics/wire.ts has them: immediate > −50 ≥ near > −65 ≥ far ≥ −80 > remote.
  if (rssi_dbm < thresholds_.zone_dbm[2]) return 3;
  if (rssi_dbm <= thresholds_.zone_dbm[1]) return 2;
  return rssi_dbm <= thresholds_.zone_dbm[0] ? 1 : 0;
}

bool TrafficCounter::set_thresholds(const Thresholds& thresholds) {
  if (!thresholds.valid()) return false;
  thresholds_ = thresholds;
  return true;
}

Counts TrafficCounter::close_period() {
  const Counts closed = counts_;
  counts_ = Counts{};
  // 0 marks a device not counted yet; tags run 1 … 65535.
  period_ = static_cast<std::uint16_t>((period_ + 1) % 0xFFFF);
  return closed;
}

}  // namespace jambox
