// The sentences of the log: what bench and support read.
#include "core/console/unit_log.h"

#include <utility>

#include "core/capture/radio_health.h"
#include "host/fake_ports.h"
#include "host/test.h"

namespace jambox::unit_log_test {

using namespace jambox::test;

struct Rig {
  FakeConsole console;
  ConsoleStream stream{console};
  Events events{stream};
  UnitLog log{events};
  // The lines since the last call.
  std::string lines() {
    while (!stream.flushed()) stream.flush();
    return std::exchange(console.to_bench, "");
  }
};

TEST(log_names_the_receivers_that_do_not_listen) {
  Rig rig;
  rig.log.radio(RadioHealth::kWifi);
  CHECK_EQ(rig.lines(), "E (0) radio: the Wi-Fi receiver does not listen; trying again\n");
  rig.log.radio(RadioHealth::kWifi | RadioHealth::kBle);
  CHECK_EQ(rig.lines(),
           "E (0) radio: the Wi-Fi receiver does not listen; "
           "the Bluetooth receiver does not listen; trying again\n");
  rig.log.radio(0);
  CHECK_EQ(rig.lines(), "I (0) radio: both receivers listen again\n");
}

TEST(log_says_once_what_stays_as_it_is) {
  Rig rig;
  rig.log.radio(0);
  CHECK_EQ(rig.lines(), "");
  rig.log.radio(RadioHealth::kBle);
  CHECK(contains(rig.lines(), "the Bluetooth receiver does not listen"));
  rig.log.radio(RadioHealth::kBle);
  CHECK_EQ(rig.lines(), "");
  rig.log.dropped_before(4);
  rig.log.dropped(4);
  CHECK_EQ(rig.lines(), "");
  rig.log.dropped(5);
  CHECK_EQ(rig.lines(), "W (0) reading: the queue is full: the oldest was dropped, 5 so far\n");
  rig.log.dropped(5);
  CHECK_EQ(rig.lines(), "");
}

TEST(log_says_what_silence_and_button_lead_to) {
  Rig rig;
  rig.log.modem_restarts();
  CHECK_EQ(rig.lines(),
           "W (0) lifeline: no answer of the backend for long: restarting the modem\n");
  rig.log.button(ButtonMeaning::Wish::kNotice);
  rig.log.button_refused("");
  CHECK_EQ(rig.lines(), "");
}

TEST(log_says_how_a_step_ended) {
  Rig rig;
  rig.log.modem_step({7, StepState::kRunning, 2, "+CEREG: 0,2"});
  CHECK_EQ(rig.lines(), "");
  rig.log.modem_step({7, StepState::kOk, 3, "+CEREG: 0,5"});
  CHECK_EQ(rig.lines(), "I (0) modem: step 7 ok: +CEREG: 0,5\n");
  rig.log.modem_step({3, StepState::kFailed, 1, "ERROR"});
  CHECK_EQ(rig.lines(), "W (0) modem: step 3 not ok: ERROR\n");
}

TEST(log_says_how_a_request_ended) {
  Rig rig;
  HttpResult result{0, {}, false, "no answer"};
  rig.log.request("/api/reading", result);
  CHECK_EQ(rig.lines(), "W (0) http: /api/reading 0: no answer\n");
  result.status = 201;
  result.body = "{}";
  rig.log.request("/api/reading", result);
  CHECK_EQ(rig.lines(), "I (0) http: /api/reading 201\n");
  result.status = 404;
  rig.log.request("/api/reading", result);
  CHECK_EQ(rig.lines(), "W (0) http: /api/reading 404: {}\n");
}

TEST(log_tells_the_backend_what_it_told_the_bench) {
  Rig rig;
  CHECK_EQ(rig.log.command_refused("dance", "not known to this version"),
           "command dance: not known to this version");
  CHECK_EQ(rig.lines(), "W (0) command: command dance: not known to this version\n");
  CHECK_EQ(rig.log.config_refused("no object"), "configuration: no object");
  CHECK_EQ(rig.lines(), "W (0) config: configuration: no object\n");
}

TEST(log_is_silent_about_a_time_that_was_taken) {
  Rig rig;
  rig.log.clock(WallClock::Sync::kTaken);
  rig.log.clock(WallClock::Sync::kAhead);  // the restart that follows says it
  CHECK_EQ(rig.lines(), "");
  rig.log.clock(WallClock::Sync::kImpossible);
  CHECK_EQ(rig.lines(), "W (0) clock: the backend's time is outside 2025 to 2037: not taken\n");
  rig.log.clock(WallClock::Sync::kDoubtful);
  CHECK_EQ(rig.lines(), "W (0) clock: the backend's time is far from ours: asking again\n");
}

TEST(boot_record_spells_every_reason) {
  Rig rig;
  const std::pair<ResetReason, const char*> reasons[] = {
      {ResetReason::kPowerOn, "power_on"},     {ResetReason::kSoftware, "software"},
      {ResetReason::kResetLine, "reset_line"}, {ResetReason::kWatchdog, "watchdog"},
      {ResetReason::kCrash, "crash"},          {ResetReason::kBrownOut, "brown_out"},
      {ResetReason::kUnknown, "unknown"}};
  for (const auto& [reason, name] : reasons) {
    rig.events.boot("jambox", "6.0.0", reason);
    CHECK(contains(rig.lines(), std::string(R"("reset":")") + name + '"'));
  }
}

}  // namespace jambox::unit_log_test
