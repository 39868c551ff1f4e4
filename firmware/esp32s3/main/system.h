// System port: restart, why the chip started, free memory, random bits, the watchdogs.
#pragma once

#include "core/ports/system.h"
#include "watchdog.h"

namespace jambox::esp32s3 {

class EspSystem final : public System {
 public:
  // Must run before the radio starts: it borrows the converter that the radio needs.
  EspSystem();

  // Remembered; the program's loop does it after the tick.
  void restart() override { restart_wanted_ = true; }
  bool restart_wanted() const { return restart_wanted_; }
  ResetReason reset_reason() override;
  std::uint32_t free_heap() override;
  std::uint32_t least_free_heap() override;
  std::uint32_t random() override;
  std::array<std::uint8_t, 6> mac() override;
  void feed_watchdog() override { watchdog_.feed(); }

 private:
  Watchdog watchdog_;  // from its construction on the program's task is watched
  bool restart_wanted_ = false;
  std::uint64_t seed_ = 0;
};

}  // namespace jambox::esp32s3
