// The running counting period: when it began and when it ends, aligned to multiples of
// its length in civil time once that is known. Knows no counts.
#pragma once

#include <cstdint>

#include "core/base/units.h"
#include "core/clock/wall_clock.h"

namespace jambox {

class Period {
 public:
  void begin(Millis at, WallClock& clock);
  // Time since boot at which it ends: the next boundary of civil time, or its length after its
  // begin while the clock is not synced.
  Millis end(const WallClock& clock) const;
  Millis start() const { return start_; }
  // 0 when the clock was not synced at its begin.
  std::int64_t start_unix_s() const { return start_unix_s_; }
  // Closing is refused within a second of the begin: two readings must not share a start.
  bool may_close(Millis now, const WallClock& clock) const;

  // At least a minute; of a length that does not divide the hour, boundaries count from 1970.
  void set_length(Millis length_ms) { length_ms_ = length_ms; }
  Millis length_ms() const { return length_ms_; }

  static constexpr Millis kLengthMs = 300'000;

 private:
  Millis length_ms_ = kLengthMs;
  Millis start_ = 0;
  std::int64_t start_unix_s_ = 0;
};

}  // namespace jambox
