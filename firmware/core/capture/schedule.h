// When the one receiver listens where: Wi-Fi channels 1, 6, 11 for 3 s each during 29 s, then BLE
// for 1 s. Knows no frames.
#pragma once

#include "core/base/units.h"
#include "core/ports/radio.h"

namespace jambox {

class RadioSchedule {
 public:
  explicit RadioSchedule(Radio& radio) : radio_(radio) {}

  void start(Millis now);
  void tick(Millis now, Wake& wake);

  static constexpr Millis kCycleMs = 30'000;
  static constexpr Millis kWifiMs = 29'000;
  static constexpr Millis kHopMs = 3'000;

 private:
  Radio& radio_;
  bool running_ = false;
  Millis began_at_ = 0;
  int slot_ = -1;
};

}  // namespace jambox
