// Civil time, see wall_clock.h.
#include "core/clock/wall_clock.h"

namespace jambox {

namespace {
bool is_near(std::int64_t a, std::int64_t b) {
  const std::int64_t apart = a > b ? a - b : b - a;
  return apart <= WallClock::kDoubtfulMs;
}
}  // namespace

WallClock::Sync WallClock::sync(std::int64_t unix_ms, Millis now) {
  if (unix_ms < kEarliestMs || unix_ms >= kLatestMs) return Sync::kImpossible;
  const std::int64_t offset = unix_ms - static_cast<std::int64_t>(now);
  slew(now);
  slewed_at_ = now;
  if (synced_ && !is_near(offset, offset_ms_ - ahead_ms_)) {
    const bool came_before = doubted_ms_ != 0 && is_near(offset, doubted_ms_);
    doubted_ms_ = offset;
    if (!came_before) return Sync::kDoubtful;
    if (offset < offset_ms_) return Sync::kAhead;
  }
  doubted_ms_ = 0;
  if (!synced_ || offset >= offset_ms_) {
    offset_ms_ = offset;
    ahead_ms_ = 0;
  } else {
    ahead_ms_ = offset_ms_ - offset;
  }
  synced_ = true;
  return Sync::kTaken;
}

void WallClock::slew(Millis now) {
  if (!synced_ || ahead_ms_ <= 0 || now <= slewed_at_) {
    if (now > slewed_at_) slewed_at_ = now;
    return;
  }
  std::int64_t give = static_cast<std::int64_t>(now - slewed_at_) / kSlewDivisor;
  if (give == 0) return;  // wait until a whole millisecond is due
  if (give > ahead_ms_) give = ahead_ms_;
  offset_ms_ -= give;
  ahead_ms_ -= give;
  slewed_at_ = now;
}

std::int64_t WallClock::unix_ms(Millis now) {
  slew(now);
  return synced_ ? offset_ms_ + static_cast<std::int64_t>(now) : 0;
}

std::int64_t WallClock::unix_ms_of(Millis then) const {
  return synced_ ? offset_ms_ + static_cast<std::int64_t>(then) : 0;
}

}  // namespace jambox
