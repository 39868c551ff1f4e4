// Waiting times between retries: doubling up to a limit, with jitter so that units which failed
// together do not come back together. Knows no job.
#pragma once

#include <cstdint>

#include "core/base/units.h"

namespace jambox {

class Backoff {
 public:
  struct Range {
    Millis first_ms;
    Millis limit_ms;
  };

  bool due(Millis now) const { return now >= next_at_; }
  Millis next_at() const { return next_at_; }
  std::uint32_t failures() const { return failures_; }

  // `random`: any 32 random bits. The wait is shortened or lengthened by up to a quarter.
  void fail(Millis now, Range range, std::uint32_t random) {
    count_up(failures_);
    Millis wait = range.first_ms;
    for (std::uint32_t i = 1; i < failures_ && wait < range.limit_ms; ++i) wait *= 2;
    if (wait > range.limit_ms) wait = range.limit_ms;
    const Millis quarter = wait / 4;
    next_at_ = now + wait - quarter + (2 * quarter * (random & 0xFFFF)) / 0xFFFF;
  }
  // The next one at `at`; failures are forgotten.
  void succeed(Millis at) {
    failures_ = 0;
    next_at_ = at;
  }
  // Takes up the failures counted before a restart; the next try is at once.
  void resume(std::uint32_t failures) { failures_ = failures < kCountMax ? failures : kCountMax; }
  // Tries at once; failures still count.
  void hurry() { next_at_ = 0; }

 private:
  std::uint32_t failures_ = 0;
  Millis next_at_ = 0;
};

}  // namespace jambox
