// Carries civil time over a restart of our own; any other reset takes an unknown time, and what was
// kept is of no use after it.
#pragma once

#include <string_view>

#include "core/clock/wall_clock.h"
#include "core/ports/key_value.h"
#include "core/ports/system.h"

namespace jambox {

class ClockKeeper {
 public:
  ClockKeeper(KeyValue& kv, WallClock& clock) : kv_(kv), clock_(clock) {}

  // At the start: takes up what was kept, once.
  void take_up(ResetReason reason, Millis now);
  // The time is known to be wrong: it must not outlive a restart.
  void distrust() { trusted_ = false; }
  // Just before a restart.
  void keep(Millis now);

  // Unix seconds, in the state.
  static constexpr std::string_view kKey = "clock";

 private:
  KeyValue& kv_;
  WallClock& clock_;
  bool trusted_ = true;
};

}  // namespace jambox
