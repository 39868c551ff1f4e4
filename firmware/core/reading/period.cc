// Counting period, see period.h.
#include "core/reading/period.h"

namespace jambox {

void Period::begin(Millis at, WallClock& clock) {
  start_ = at;
  start_unix_s_ = clock.unix_ms_of(at) / 1000;
}

Millis Period::end(const WallClock& clock) const {
  if (!clock.synced()) return start_ + length_ms_;
  const auto length = static_cast<std::int64_t>(length_ms_);
  // From the remembered start, not from today's view of it: a clock set since must not make a
  // period of a few milliseconds.
  const std::int64_t start_ms =
      start_unix_s_ != 0 ? start_unix_s_ * 1000 : clock.unix_ms_of(start_);
  const std::int64_t boundary = (start_ms / length + 1) * length;
  const std::int64_t end = boundary - clock.unix_ms_of(0);
  const auto earliest = static_cast<std::int64_t>(start_);
  return static_cast<Millis>(end > earliest ? end : earliest);
}

bool Period::may_close(Millis now, const WallClock& clock) const {
  if (!clock.synced()) return now - start_ >= 1000;
  const std::int64_t start_s = start_unix_s_ != 0 ? start_unix_s_ : clock.unix_ms_of(start_) / 1000;
  return clock.unix_ms_of(now) / 1000 > start_s;
}

}  // namespace jambox
