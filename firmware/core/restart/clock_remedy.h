// What a time from the backend asks for when the unit's clock ran far ahead: it never goes back, so
// a restart mends it; until then it must neither outlive the restart nor decide a trial, because
// whoever lives in the future cannot deliver. Knows no protocol.
#pragma once

#include "core/clock/clock_keeper.h"
#include "core/ota/update_client.h"
#include "core/restart/restart.h"

namespace jambox {

class ClockRemedy {
 public:
  ClockRemedy(ClockKeeper& keeper, UpdateClient& update, Restart& restart)
      : keeper_(keeper), update_(update), restart_(restart) {}

  // After each time that the backend told.
  void on_sync(WallClock::Sync sync, Millis now);

 private:
  ClockKeeper& keeper_;
  UpdateClient& update_;
  Restart& restart_;
};

}  // namespace jambox
