// What the bench sees of the counting while it looks: the running period's figures, once a second.
// Knows no console command.
#pragma once

#include "core/console/events.h"
#include "core/counting/traffic_counter.h"

namespace jambox {

class LiveFigures {
 public:
  // Both must outlive it.
  LiveFigures(Events& events, const TrafficCounter& counter) : events_(events), counter_(counter) {}

  // On: the first at once.
  void set(bool on, Millis now) { on_ = on, next_at_ = now; }
  void tick(Millis now, Wake& wake) {
    if (!on_) return;
    if (now >= next_at_) {
      next_at_ = now + kEveryMs;
      events_.live(counter_.counts());
    }
    wake.at(next_at_);
  }

  static constexpr Millis kEveryMs = 1000;

 private:
  Events& events_;
  const TrafficCounter& counter_;
  Millis next_at_ = 0;
  bool on_ = false;
};

}  // namespace jambox
