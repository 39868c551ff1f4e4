// Port: time since boot. Knows no wall clock; core/clock adds that.
#pragma once

#include "core/base/units.h"

namespace jambox {

class Clock {
 public:
  // Milliseconds since boot, never going backwards.
  virtual Millis uptime_ms() = 0;

 protected:
  ~Clock() = default;
};

}  // namespace jambox
