// A clock that ran ahead, see clock_remedy.h.
#include "core/restart/clock_remedy.h"

namespace jambox {

void ClockRemedy::on_sync(WallClock::Sync sync, Millis now) {
  if (sync != WallClock::Sync::kAhead) return;
  keeper_.distrust();
  update_.excuse_trial();
  restart_.after_trial(RestartReason::kClock, now);
}

}  // namespace jambox
