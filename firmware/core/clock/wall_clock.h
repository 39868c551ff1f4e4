// Civil time on top of time since boot, set by the backend's `server_time`. Never goes backwards:
// when the unit is ahead, its clock runs slower until both agree. Believes a time far from its own
// only when it comes twice (docs/decisions/0027). Knows no protocol.
#pragma once

#include <cstdint>

#include "core/base/units.h"

namespace jambox {

class WallClock {
 public:
  // What became of a time that the backend sent.
  enum class Sync : std::uint8_t {
    kTaken,
    kImpossible,  // outside the years a unit lives in: as if none had come
    kDoubtful,    // far from the own time: ask again soon, the same once more will be believed
    kAhead,       // twice the own time was far ahead: only a restart mends that
  };

  bool synced() const { return synced_; }
  // Takes the backend's time, in Unix milliseconds, as true at `now`.
  Sync sync(std::int64_t unix_ms, Millis now);
  // Unix milliseconds at `now`, which must not decrease from call to call; 0 while not synced.
  std::int64_t unix_ms(Millis now);
  // Unix time at which the unit booted, seconds; 0 while not synced.
  std::int64_t boot_unix_s() const { return synced_ ? offset_ms_ / 1000 : 0; }
  // What `then`, a time since boot not later than now, is by the present setting.
  std::int64_t unix_ms_of(Millis then) const;

  // Share of the elapsed time given up while ahead: at most one second in eight.
  static constexpr std::int64_t kSlewDivisor = 8;
  // A crystal of 100 ppm is 9 s off after a day without an answer, 4 min after a month; and the
  // backend refuses readings more than 10 minutes ahead.
  static constexpr std::int64_t kDoubtfulMs = 600'000;
  // This firmware did not exist before 2025; in 2038 32-bit seconds end, and a backend that counts
  // in them tells nothing that could be believed.
  static constexpr std::int64_t kEarliestMs = 1'735'689'600'000;  // 2025-01-01
  static constexpr std::int64_t kLatestMs = 2'145'916'800'000;    // 2038-01-01

 private:
  void slew(Millis now);

  bool synced_ = false;
  std::int64_t offset_ms_ = 0;   // Unix time minus time since boot
  std::int64_t ahead_ms_ = 0;    // still to be given up
  std::int64_t doubted_ms_ = 0;  // offset of a doubtful time, 0 = none
  Millis slewed_at_ = 0;
};

}  // namespace jambox
