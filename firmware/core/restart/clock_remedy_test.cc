// A clock that ran ahead: when the restart that mends it comes, what it must not carry over, and
// what it must not be blamed for.
#include "core/restart/clock_remedy.h"

#include "host/fake_ports.h"
#include "host/test.h"

namespace jambox::clock_remedy_test {

using namespace jambox::test;

constexpr std::int64_t kNow = 1769680800000;

// A unit whose clock is set, on trial where it is said so.
struct Rig final : RestartHost, UpdateObserver {
  FakeConsole console;
  FakeSystem system;
  FakeKeyValue kv;
  FakeFlash patch;
  FakeSlots slots;
  ConsoleStream stream{console};
  Events events{stream};
  Identity identity;
  WallClock clock;
  ClockKeeper keeper{kv, clock};
  UpdateClient update{{patch, slots, kv, *this}, identity, "6.0.0"};
  Restart restart{system, events, *this};
  ClockRemedy remedy{keeper, update, restart};

  explicit Rig(bool trial) {
    slots.pending = trial;
    update.start(0);
    clock.sync(kNow, 0);
  }
  bool on_trial() override { return update.on_trial(); }
  void before_restart(StartReason) override { keeper.keep(1000); }
  void on_update(LogLevel level, std::string_view text) override {
    events.log(level, "update", text);
  }
  void on_update_restart() override {}
  // Restarts so far, after a tick at `now`.
  int at(Millis now) {
    Wake wake(now);
    update.tick(now, wake);
    restart.tick(now, wake);
    stream.flush();
    return system.restarts;
  }
};

TEST(a_clock_that_ran_ahead_restarts_the_unit_and_is_not_kept) {
  Rig rig(false);
  rig.remedy.on_sync(WallClock::Sync::kAhead, 1000);
  CHECK_EQ(rig.at(1000 + Restart::kSoonMs), 1);
  CHECK(rig.console.has("restart: the clock was set wrong before"));
  CHECK(rig.kv.state.empty());
}

TEST(a_clock_that_ran_ahead_waits_for_the_end_of_a_trial_and_is_no_verdict) {
  Rig rig(true);
  rig.remedy.on_sync(WallClock::Sync::kAhead, 1000);
  CHECK_EQ(rig.at(UpdateClient::kTrialMs - 1), 0);
  CHECK(rig.console.has("restart waits for the end of the trial: the clock was set wrong before"));
  rig.at(UpdateClient::kTrialMs);
  CHECK(rig.console.has("going back without a verdict"));
  CHECK(rig.kv.state.empty());
}

TEST(a_clock_that_did_not_run_ahead_needs_nothing) {
  for (const WallClock::Sync sync :
       {WallClock::Sync::kTaken, WallClock::Sync::kImpossible, WallClock::Sync::kDoubtful}) {
    Rig rig(false);
    rig.remedy.on_sync(sync, 1000);
    CHECK_EQ(rig.at(60'000), 0);
    rig.keeper.keep(60'000);
    CHECK_EQ(rig.kv.state.size(), 1u);
  }
}

}  // namespace jambox::clock_remedy_test
