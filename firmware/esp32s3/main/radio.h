// Radio port: the one antenna either sniffs Wi-Fi or scans BLE, never both, since each would lose
// frames to the other (ESP-IDF, RF Coexistence). Both drivers start at their first use.
#pragma once

#include "ble_scanner.h"
#include "core/ports/radio.h"
#include "wifi_sniffer.h"

namespace jambox::esp32s3 {

class EspRadio final : public Radio {
 public:
  void off() override {
    ble_.stop();
    wifi_.stop();
  }
  bool sniff_wifi(std::uint8_t channel) override {
    ble_.stop();
    return wifi_.listen(channel);
  }
  bool scan_ble() override {
    wifi_.stop();
    return ble_.scan();
  }
  void hear_access_points(bool on) override { wifi_.hear_access_points(on); }
  bool next(RadioFrame& frame) override { return wifi_.next(frame) || ble_.next(frame); }

 private:
  WifiSniffer wifi_;
  BleScanner ble_;
};

}  // namespace jambox::esp32s3
