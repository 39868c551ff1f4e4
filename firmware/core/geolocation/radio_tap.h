// The receiver as seen through a geolocation scan: every frame that anybody takes is shown to the
// scan first. Knows no frame.
#pragma once

#include "core/geolocation/geolocation_task.h"
#include "core/ports/radio.h"

namespace jambox {

class RadioTap final : public Radio {
 public:
  // Both must outlive it.
  RadioTap(Radio& radio, GeolocationTask& scan) : radio_(radio), scan_(scan) {}

  void off() override { radio_.off(); }
  bool sniff_wifi(std::uint8_t channel) override { return radio_.sniff_wifi(channel); }
  bool scan_ble() override { return radio_.scan_ble(); }
  void hear_access_points(bool on) override { radio_.hear_access_points(on); }
  bool next(RadioFrame& frame) override {
    if (!radio_.next(frame)) return false;
    scan_.on_frame(frame);
    return true;
  }

 private:
  Radio& radio_;
  GeolocationTask& scan_;
};

}  // namespace jambox
