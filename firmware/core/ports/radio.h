// Port: the Wi-Fi and BLE receiver. Knows frames as bytes, not what they mean.
#pragma once

#include <cstddef>
#include <cstdint>

namespace jambox {

// Room for the longest probe request seen in practice; management frames may be longer.
inline constexpr std::size_t kRadioFrameMax = 512;

struct RadioFrame {
  enum class Kind : std::uint8_t { kWifiManagement, kBleAdvertisement };
  Kind kind = Kind::kWifiManagement;
  std::int8_t rssi_dbm = 0;
  std::uint8_t channel = 0;
  // Wi-Fi: from the MAC header on, no FCS. BLE: address type, 6 address bytes, then AD structures.
  std::size_t size = 0;
  std::uint8_t bytes[kRadioFrameMax];
};

}  // namespace jambox

namespace jambox {

class Radio {
 public:
  virtual void off() = 0;
  // Receive 802.11 management frames on `channel` (1 … 13). False: the driver would not; the next
  // call begins anew. So with scan_ble(), where a driver may take until the next call to say so.
  virtual bool sniff_wifi(std::uint8_t channel) = 0;
  virtual bool scan_ble() = 0;
  // Whether next() also gives what access points send (beacons, probe responses). Off at start;
  // probe requests and advertisements come in any case.
  virtual void hear_access_points(bool on) = 0;
  // The next received frame; false = none waiting. Frames beyond the buffer are cut.
  virtual bool next(RadioFrame& frame) = 0;

 protected:
  ~Radio() = default;
};

}  // namespace jambox
