// Turns counting into readings: closes the period at each boundary of the interval or on demand,
// numbers the reading, queues it; forgets all devices at midnight UTC. Knows no sending.
#pragma once

#include <cstdint>

#include "core/base/units.h"
#include "core/clock/wall_clock.h"
#include "core/counting/traffic_counter.h"
#include "core/ports/key_value.h"
#include "core/ports/radio.h"
#include "core/reading/period.h"
#include "core/reading/reading_queue.h"
#include "core/visits/visit_estimator.h"

namespace jambox {

class Recorder {
 public:
  struct Parts {
    Radio& radio;
    TrafficCounter& counter;
    WallClock& clock;
    ReadingQueue& queue;
    KeyValue& kv;
    VisitEstimator& visits;
  };
  explicit Recorder(const Parts& parts) : parts_(parts) {}

  void start(Millis now);
  // Takes received frames, closes what is due. True when a reading was queued.
  bool tick(Millis now, Wake& wake);
  // Closes the running period now. False within a second of its begin: nothing was queued then.
  bool close_now(Millis now);
  // Periods have this length from now on. What was counted until now becomes a reading of its own,
  // so that each is counted in one way only.
  void set_interval(Millis length_ms, Millis now) {
    close_now(now);
    period_.set_length(length_ms);
  }

  // Per tick, so that a flood of frames starves nothing else; the rest waits in the receiver.
  static constexpr int kFramesPerTick = 128;

 private:
  std::uint32_t minute_at(Millis now);
  void watch_midnight(Millis now);
  void close(Millis at);

  Parts parts_;
  Period period_;
  RadioFrame frame_;
  std::uint32_t seq_ = 0;
  std::uint32_t last_minute_ = 0;
  std::int64_t day_ = 0;
};

}  // namespace jambox
