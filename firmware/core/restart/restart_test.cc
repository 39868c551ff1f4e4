// The chip's restart: when it comes, what waits for it, what is said of it.
#include "core/restart/restart.h"

#include "host/fake_ports.h"
#include "host/test.h"

namespace jambox::restart_test {

using namespace jambox::test;

struct Rig final : RestartHost {
  FakeConsole console;
  FakeSystem system;
  ConsoleStream stream{console};
  Events events{stream};
  Restart restart{system, events, *this};
  bool trial = false;
  int prepared = 0;
  bool on_trial() override { return trial; }
  StartReason why = StartReason::kUnknown;
  void before_restart(StartReason reason) override {
    ++prepared;
    why = reason;
  }
  // Restarts so far, after a tick at `now`.
  int at(Millis now) {
    Wake wake(now);
    restart.tick(now, wake);
    stream.flush();
    return system.restarts;
  }
};

TEST(restart_comes_a_second_after_it_was_wanted) {
  Rig rig;
  CHECK_EQ(rig.at(1'000'000), 0);
  rig.restart.soon(RestartReason::kReceiver, 1'000'000);
  CHECK(rig.restart.is_near());
  CHECK_EQ(rig.at(1'000'999), 0);
  CHECK_EQ(rig.prepared, 0);
  CHECK_EQ(rig.at(1'001'000), 1);
  CHECK_EQ(rig.prepared, 1);
  CHECK(rig.console.has("W (0) app: restart: a receiver does not listen"));
}

TEST(restart_wakes_the_unit_in_time) {
  Rig rig;
  rig.restart.soon(RestartReason::kUpdate, 500);
  Wake wake(500);
  rig.restart.tick(500, wake);
  CHECK_EQ(wake.delay_ms(), static_cast<std::uint32_t>(Restart::kSoonMs));
}

TEST(restart_that_can_wait_waits_for_the_end_of_the_trial) {
  Rig rig;
  rig.trial = true;
  rig.restart.after_trial(RestartReason::kCommand, 1000);
  CHECK_EQ(rig.at(90'000'000), 0);
  CHECK(!rig.restart.is_near());
  rig.trial = false;
  CHECK_EQ(rig.at(90'000'001), 0);
  CHECK(rig.restart.is_near());
  CHECK_EQ(rig.at(90'001'001), 1);
  CHECK(rig.console.has("restart waits for the end of the trial: the backend asked for it"));
}

TEST(restart_without_a_trial_does_not_wait) {
  Rig rig;
  rig.restart.after_trial(RestartReason::kCommand, 1000);
  CHECK_EQ(rig.at(2000), 1);
}

TEST(restart_for_the_bench_leaves_time_for_an_answer_and_warns_of_a_trial) {
  Rig rig;
  rig.trial = true;
  rig.restart.for_bench(1000);
  CHECK_EQ(rig.at(1049), 0);
  CHECK(!rig.restart.is_near());
  CHECK(rig.console.has("this restart ends the trial: the earlier version starts"));
  CHECK_EQ(rig.at(1050), 1);
}

TEST(restart_of_the_bench_does_not_wait_for_the_units_own) {
  Rig rig;
  rig.restart.soon(RestartReason::kUpdate, 1000);
  rig.restart.for_bench(1000);
  CHECK_EQ(rig.at(1050), 1);
  CHECK(rig.why == StartReason::kBench);
}

TEST(restart_says_why_in_words_and_to_whom_it_keeps) {
  struct {
    RestartReason reason;
    const char* words;
    StartReason kept;
  } const reasons[] = {
      {RestartReason::kReceiver, "a receiver does not listen", StartReason::kReceiver},
      {RestartReason::kSilence, "no answer of the backend for hours", StartReason::kSilence},
      {RestartReason::kCommand, "the backend asked for it", StartReason::kCommand},
      {RestartReason::kClock, "the clock was set wrong before, and never goes back",
       StartReason::kClock},
      {RestartReason::kUpdate, "the update asked for it", StartReason::kUpdate}};
  for (const auto& [reason, words, kept] : reasons) {
    Rig rig;
    rig.restart.soon(reason, 0);
    CHECK_EQ(rig.at(Restart::kSoonMs), 1);
    CHECK(rig.why == kept);
    CHECK_EQ(rig.console.to_bench, std::string("W (0) app: restart: ") + words + "\n");
  }
}

// The call may return: then everything was stored already, and it is asked for again.
TEST(restart_stores_once_what_would_be_lost) {
  Rig rig;
  rig.restart.soon(RestartReason::kUpdate, 1000);
  CHECK_EQ(rig.at(2000), 1);
  CHECK_EQ(rig.at(2001), 2);
  CHECK_EQ(rig.prepared, 1);
}

}  // namespace jambox::restart_test
