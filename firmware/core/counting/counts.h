// What one period's counting yields, and the thresholds it is sorted by. Plain values.
#pragma once

#include <cstdint>

#include "core/base/units.h"

namespace jambox {

// Weakest, strongest and mean of the received signal, dBm.
class RssiStats {
 public:
  void add(std::int8_t rssi_dbm) {
    if (count_ == kCountMax) return;
    if (count_ == 0 || rssi_dbm < min_) min_ = rssi_dbm;
    if (count_ == 0 || rssi_dbm > max_) max_ = rssi_dbm;
    sum_ += rssi_dbm;
    ++count_;
  }
  bool any() const { return count_ > 0; }
  int min() const { return min_; }
  int max() const { return max_; }
  // Rounded to the nearest, halves away from zero; call only if any().
  int mean() const {
    const std::int64_t n = count_;
    return static_cast<int>((2 * sum_ + (sum_ < 0 ? -n : n)) / (2 * n));
  }

  bool operator==(const RssiStats&) const = default;

  // For storing: the same figures again later.
  std::uint32_t count() const { return count_; }
  std::int64_t sum() const { return sum_; }
  static RssiStats of(std::uint32_t count, std::int64_t sum, std::int8_t min, std::int8_t max) {
    RssiStats stats;
    stats.count_ = count;
    stats.sum_ = sum;
    stats.min_ = min;
    stats.max_ = max;
    return stats;
  }

 private:
  std::uint32_t count_ = 0;
  std::int64_t sum_ = 0;  // within 32 bits: kCountMax · 128 < 2³¹
  std::int8_t min_ = 0;
  std::int8_t max_ = 0;
};

struct Counts {
  std::uint32_t impressions = 0;      // probe requests of randomised addresses
  std::uint32_t device_minutes = 0;   // distinct addresses per minute, summed
  std::uint32_t zones[4] = {};        // device-minutes: immediate, near, far, remote
  std::uint32_t stays[4] = {};        // stays that ended: 0–1, 1–5, 5–10, 10+ minutes
  std::uint32_t visits = 0;           // estimate of visits begun, docs/visits.md
  std::uint32_t occupancy_x10 = 0;    // estimate of the mean number of visitors, times ten
  std::uint32_t rejected_static = 0;  // frames, Wi-Fi and BLE, with a fixed address
  // Probe requests and advertisements of devices for which there was no room in their table.
  std::uint32_t overflow = 0;
  std::uint32_t ble_impressions = 0;
  std::uint32_t ble_device_minutes = 0;
  std::uint32_t ble_apple = 0;  // device-minutes; apple + other = ble_device_minutes
  std::uint32_t ble_other = 0;
  RssiStats probe_rssi;
  RssiStats ble_rssi;

  bool operator==(const Counts&) const = default;
};

// What counts are sorted by. The values here are the defaults of the backend's configuration, whose
// own bounds are narrower (shared/contracts/config.ts).
struct Thresholds {
  // dBm: above the first is immediate, above the second near, above the third far.
  std::int8_t zone_dbm[3] = {-50, -65, -80};
  // Minutes from first to last: below the first 0–1, below the second 1–5, below the third 5–10.
  std::uint16_t stay_minutes[3] = {1, 5, 10};

  // Whether zones and stays are in order and none of them is empty.
  constexpr bool valid() const {
    const bool zones = 0 > zone_dbm[0] && zone_dbm[0] > zone_dbm[1] && zone_dbm[1] > zone_dbm[2] &&
                       zone_dbm[2] > kWeakestDbm;
    return zones && 0 < stay_minutes[0] && stay_minutes[0] < stay_minutes[1] &&
           stay_minutes[1] < stay_minutes[2];
  }
  static constexpr std::int8_t kWeakestDbm = -128;
};

}  // namespace jambox
