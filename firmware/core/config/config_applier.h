// Puts a configuration to use in what counts. What was counted until then becomes a reading of its
// own, but only when something that counts changes. Knows no connection and no version.
#pragma once

#include "core/capture/schedule.h"
#include "core/config/config.h"
#include "core/counting/traffic_counter.h"
#include "core/reading/recorder.h"
#include "core/visits/visit_estimator.h"

namespace jambox {

class ConfigApplier {
 public:
  struct Parts {
    Recorder& recorder;
    TrafficCounter& counter;
    VisitEstimator& visits;
    RadioSchedule& schedule;
  };
  // All must outlive it, and count by the defaults so far.
  explicit ConfigApplier(const Parts& parts) : parts_(parts) {}

  void apply(const Config& config, Millis now);

 private:
  Parts parts_;
  Config applied_;
};

}  // namespace jambox
