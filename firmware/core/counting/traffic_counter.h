// Counts devices from received frames: impressions, device-minutes, zones, stays, the BLE sample.
// De-duplicates per minute and forgets a device once it is gone. Knows no clock: minutes are
// numbers that increase. Keeps no address beyond its stay, and none across forget().
#pragma once

#include <cstdint>

#include "core/capture/frames.h"
#include "core/counting/counts.h"
#include "core/counting/device_table.h"
#include "core/ports/radio.h"

namespace jambox {

class TrafficCounter {
 public:
  // Takes a frame received in `minute`; frames that are neither are ignored.
  void on_frame(const RadioFrame& frame, std::uint32_t minute);
  // To be called at least once a minute: ends the stays of devices that have gone.
  void on_minute(std::uint32_t minute);

  const Counts& counts() const { return counts_; }
  // Ends the period: its counts; counting starts again from 0, stays go on.
  Counts close_period();
  // Ends every stay and forgets all devices, as at midnight.
  void forget();
  // At any time; what is counted already stays as it is. Stays that are going on end in the new
  // borders. False, and nothing changes, unless they are valid().
  bool set_thresholds(const Thresholds& thresholds);
  const Thresholds& thresholds() const { return thresholds_; }

  // A stay ends when its device was silent for this many minutes: phones with the screen off probe
  // every few minutes only.
  static constexpr std::uint32_t kAbsentMinutes = 5;
  // A crowded shop shows some 300 devices within five minutes.
  using WifiTable = DeviceTable<1024>;
  // Of one minute: two scans of a second each hear a few hundred advertisers at most.
  using BleTable = DeviceTable<512>;

  // Budgets, docs/memory.md.
  static constexpr std::size_t kWifiTableBytes = 24'584;
  static constexpr std::size_t kBleTableBytes = 12'296;
  static_assert(sizeof(WifiTable) <= kWifiTableBytes);
  static_assert(sizeof(BleTable) <= kBleTableBytes);

 private:
  friend struct CountsAccess;  // tests begin near the limits
  void on_probe(const ProbeRequest& probe, std::int8_t rssi_dbm, std::uint32_t minute);
  void on_ble(const BleAdvertisement& adv, std::int8_t rssi_dbm, std::uint32_t minute);
  std::uint8_t zone_of(std::int8_t rssi_dbm) const;
  void end_stay(const Device& device);

  Thresholds thresholds_;
  Counts counts_;
  std::uint16_t period_ = 0;
  std::uint32_t ble_minute_ = 0;
  WifiTable wifi_;
  BleTable ble_;
};

}  // namespace jambox
