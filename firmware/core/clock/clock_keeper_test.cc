// Civil time over restarts of every kind.
#include "core/clock/clock_keeper.h"

#include "host/fake_ports.h"
#include "host/test.h"

namespace jambox::clock_keeper_test {

using namespace jambox::test;

constexpr std::int64_t kNow = 1769680800000;

// A unit that knows the time and restarts after a minute.
void live_a_minute(FakeKeyValue& kv, bool distrusted = false) {
  WallClock clock;
  ClockKeeper keeper(kv, clock);
  clock.sync(kNow, 0);
  if (distrusted) keeper.distrust();
  keeper.keep(60'500);
}

TEST(time_goes_on_across_a_restart_of_our_own) {
  FakeKeyValue kv;
  live_a_minute(kv);
  WallClock clock;
  ClockKeeper keeper(kv, clock);
  keeper.take_up(ResetReason::kSoftware, 300);
  CHECK(clock.synced());
  CHECK_EQ(clock.unix_ms(300), kNow + 60'000 + 300);
}

TEST(time_that_was_kept_is_taken_up_once) {
  FakeKeyValue kv;
  live_a_minute(kv);
  WallClock first;
  ClockKeeper(kv, first).take_up(ResetReason::kSoftware, 0);
  WallClock second;
  ClockKeeper(kv, second).take_up(ResetReason::kSoftware, 0);
  CHECK(!second.synced());
}

TEST(time_ends_with_every_other_reset) {
  for (const ResetReason reason :
       {ResetReason::kPowerOn, ResetReason::kResetLine, ResetReason::kWatchdog,
        ResetReason::kBrownOut, ResetReason::kUnknown}) {
    FakeKeyValue kv;
    live_a_minute(kv);
    WallClock clock;
    ClockKeeper(kv, clock).take_up(reason, 0);
    CHECK(!clock.synced());
    CHECK(kv.state.empty());
  }
}

TEST(time_that_is_not_known_or_known_to_be_wrong_is_not_kept) {
  FakeKeyValue kv;
  live_a_minute(kv, true);
  CHECK(kv.state.empty());
  WallClock clock;
  ClockKeeper(kv, clock).keep(60'000);
  CHECK(kv.state.empty());
}

}  // namespace jambox::clock_keeper_test
