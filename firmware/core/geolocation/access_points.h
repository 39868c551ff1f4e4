// The access points heard during one scan: the strongest ten, as the backend wants them. They live
// in RAM until the scan's answer has come. Knows no radio, no connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/text.h"
#include "core/ports/radio.h"

namespace jambox {

struct AccessPoint {
  std::uint64_t bssid = 0;
  std::int8_t rssi_dbm = 0;
  std::uint8_t channel = 0;
};

// The sender of a beacon or probe response. Nothing when `frame` is neither, or the access point is
// none that says where the unit is: a phone's hotspot (locally administered address), or one whose
// owner opted out of location services (name ending in _nomap).
std::optional<AccessPoint> parse_access_point(const RadioFrame& frame);

class AccessPoints {
 public:
  // Device API: up to ten in a scan.
  static constexpr int kMax = 10;

  // Keeps it with the strongest signal it was heard with, unless ten stronger ones are there.
  void add(const AccessPoint& heard);
  int count() const { return count_; }
  // Overwrites, so that no address stays behind.
  void clear();
  // Appends `[{"bssid":"AA:BB:CC:DD:EE:FF","rssi":-65,"ch":6},…]`, strongest first.
  void add_json(TextBuilder& out) const;

  // 52 bytes each at most.
  static constexpr std::size_t kJsonMax = 2 + 52 * kMax;

 private:
  AccessPoint points_[kMax];  // strongest first
  int count_ = 0;
};

}  // namespace jambox
