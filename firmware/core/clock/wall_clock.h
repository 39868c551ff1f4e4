// Civil time on top of time since boot, set by the backend's `server_time`. Never goes backwards:
// when the unit is ahead, its clock runs slower until both agree. Knows no protocol.
#pragma once

#include <cstdint>

#include "core/base/units.h"

namespace jambox {

class WallClock {
 public:
  bool synced() const { return synced_; }
  // Takes the backend's time, in Unix milliseconds, as true at `now`.
  void sync(std::int64_t unix_ms, Millis now);
  // Unix milliseconds at `now`, which must not decrease from call to call; 0 while not synced.
  std::int64_t unix_ms(Millis now);
  // Unix time at which the unit booted, seconds; 0 while not synced.
  std::int64_t boot_unix_s() const { return synced_ ? offset_ms_ / 1000 : 0; }
  // What `then`, a time since boot not later than now, is by the present setting.
  std::int64_t unix_ms_of(Millis then) const;

  // Share of the elapsed time given up while ahead: at most one second in eight.
  static constexpr std::int64_t kSlewDivisor = 8;

 private:
  void slew(Millis now);

  bool synced_ = false;
  std::int64_t offset_ms_ = 0;  // Unix time minus time since boot
  std::int64_t ahead_ms_ = 0;   // still to be given up
  Millis slewed_at_ = 0;
};

}  // namespace jambox
