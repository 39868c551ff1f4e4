// A configuration in use, see config_applier.h.
#include "core/config/config_applier.h"

namespace jambox {

void ConfigApplier::apply(const Config& config, Millis now) {
  if (!config.same_counting(applied_)) {
    // In this order: what was counted until now was counted the old way.
    parts_.recorder.set_interval(config.report_interval_ms, now);
    parts_.counter.set_thresholds(config.thresholds);
    parts_.visits.set_near_dbm(config.thresholds.zone_dbm[1]);
    parts_.schedule.set_channels(config.channels);
  }
  applied_ = config;
}

}  // namespace jambox
