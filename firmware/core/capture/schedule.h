// When the one receiver listens where: the chosen Wi-Fi channels (1, 6, 11) for 3 s each during
// 29 s, then BLE for 1 s, and whether each did. Knows no frames.
#pragma once

#include "core/base/units.h"
#include "core/capture/radio_health.h"
#include "core/ports/radio.h"

namespace jambox {

class RadioSchedule {
 public:
  // Both must outlive it.
  RadioSchedule(Radio& radio, RadioHealth& health) : radio_(radio), health_(health) {}

  void start(Millis now);
  // Bit n: channel n, 1 … 13; at least one. Holds from the next hop on.
  void set_channels(std::uint16_t channels);
  void tick(Millis now, Wake& wake);

  static constexpr Millis kCycleMs = 30'000;
  static constexpr Millis kWifiMs = 29'000;
  static constexpr Millis kHopMs = 3'000;
  static constexpr Millis kSlots = (kWifiMs + kHopMs - 1) / kHopMs;

 private:
  std::uint8_t channel_at(Millis in_cycle, Millis now) const;

  Radio& radio_;
  RadioHealth& health_;
  bool running_ = false;
  Millis began_at_ = 0;
  int slot_ = -1;
  std::uint8_t channels_[13] = {1, 6, 11};
  std::uint8_t channel_count_ = 3;
};

}  // namespace jambox
