// Outages of the production program: modems that hang, towers lost, days without a network, lost
// answers, no clock or a wrong one. No reading is lost that the queue could hold, none kept twice.
#include "core/clock/civil_time.h"
#include "host/test.h"
#include "host/unit_life.h"

using namespace jambox;
using namespace jambox::test;

TEST(a_modem_that_swallows_everything_costs_restarts_far_apart_and_no_reading) {
  const auto life = new_life();
  life->start();
  run_with_probes(*life, 6);
  life->board.modem.mute = true;
  run_with_probes(*life, 7 * 60 + 40);
  CHECK_EQ(life->starts, 2);  // one restart, before the queue is full
  CHECK_EQ(life->watchdog_resets, 0);
  life->board.modem.mute = false;
  life->run_minutes(30);
  CHECK_EQ(life->stored_impressions(), life->probes);
  CHECK_EQ(life->stored_twice(), 0);
  CHECK(life->board.kv.state.count("restarts") == 0);
}

TEST(a_modem_that_answers_error_for_ever_is_restarted_now_and_then) {
  const auto life = new_life();
  life->start();
  run_with_probes(*life, 6);
  life->board.modem.only_errors = true;
  life->run_hours(24);
  const int restarts = life->board.modem.count("AT+CFUN=1,1");
  CHECK(restarts >= 4 && restarts <= 12);
  CHECK(life->starts >= 2 && life->starts <= 4);
  life->board.modem.only_errors = false;
  life->run_minutes(30);
  CHECK_EQ(life->stored_twice(), 0);
  check_one_chain(*life);
}

TEST(a_tower_lost_for_ten_hours_costs_only_what_the_queue_cannot_hold) {
  const auto life = new_life();
  life->start();
  run_with_probes(*life, 9);
  life->board.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n"});
  life->board.modem.on("AT+CSQ", {"+CSQ: 99,99\nOK\n"});
  run_with_probes(*life, 600);
  const auto status = [&](const char* key) {
    life->board.console.to_bench.clear();
    life->board.console.send(R"({"id":5,"cmd":"status"})");
    life->run(1000);
    return std::stoi(json_field(life->board.console.to_bench, key));
  };
  CHECK_EQ(status("queue"), 96);
  life->board.modem.on("AT+CEREG?", {"+CEREG: 0,5\nOK\n"});
  life->run_minutes(30);
  const int dropped = status("dropped");
  CHECK(dropped >= 20 && dropped <= 30);
  const auto seqs = life->stored.size();
  CHECK_EQ(life->stored_twice(), 0);
  const std::uint32_t lost = life->probes - life->stored_impressions();
  CHECK(lost <= static_cast<std::uint32_t>(dropped) * 30);
  const std::string last = life->bodies("/api/reading").back();
  CHECK_EQ(std::stoul(json_field(last, "seq")), seqs + static_cast<unsigned>(dropped));
  check_one_chain(*life);
}

TEST(a_day_in_the_air_is_no_loop_of_restarts) {
  const auto life = new_life();
  life->start();
  life->run_minutes(6);
  life->down = true;
  life->run_hours(24);
  CHECK_EQ(life->starts, 3);  // after about 6 h, and 12 h later
  life->run_hours(7 * 24);
  CHECK(life->starts <= 12);
  CHECK(life->board.system.feeds < 8 * 24 * 20'000);  // ticks: it sleeps in between
  CHECK_EQ(life->watchdog_resets, 0);
  life->down = false;
  life->run_minutes(30);
  CHECK_EQ(life->stored_twice(), 0);
  check_one_chain(*life);
}

TEST(readings_without_a_clock_wait_for_it_and_are_stored_once) {
  for (const Millis off_ms : {Millis{0}, Millis{90'000}, Millis{7'200'000}}) {
    const auto life = new_life();
    life->down = true;
    life->start();
    run_with_probes(*life, 15);  // no clock ever in this boot
    life->run(1000);
    life->start(ResetReason::kPowerOn, off_ms);
    run_with_probes(*life, 11);
    life->down = false;
    life->loses_answers = true;  // stored, but the unit does not learn it; the heartbeat neither
    life->run_minutes(9);
    life->loses_answers = false;
    life->run(20'000);
    life->loses_answers = true;  // the clock is set now: the first of them is sent, answer lost
    life->run_minutes(4);
    life->start(ResetReason::kPowerOn, off_ms);
    life->loses_answers = false;
    life->run_minutes(20);
    CHECK_EQ(life->stored_twice(), 0);
    CHECK_EQ(life->stored_impressions(), life->probes);
    for (const std::string& body : life->bodies("/api/reading")) {
      CHECK_EQ(json_field(body, "ts"), "1");
    }
    check_one_chain(*life);
  }
}

TEST(a_backend_that_never_tells_the_time_gets_readings_after_an_hour) {
  const auto life = new_life();
  life->sends_time = false;
  life->config_version = 2;  // what is fetched changes nothing about when the time is asked for
  life->config = config_with(2, 300'000);
  life->start();
  life->run_minutes(55);
  CHECK(life->bodies("/api/reading").empty());
  life->run_minutes(20);
  CHECK(life->bodies("/api/reading").size() >= 12);
  CHECK_EQ(life->stored_twice(), 0);
  CHECK_EQ(life->bodies("/api/heartbeat").size(), 8u);  // asked every ten minutes
  CHECK_EQ(life->board.modem.count("AT+CFUN=1,1"), 0);  // it answers: nothing is wrong with it
}

TEST(wrong_times_of_the_backend_are_survived) {
  constexpr std::int64_t kDayMs2 = 86'400'000;
  // Before 2025, after 2037: not believed at all; the clock stays unset or as it was.
  for (const std::int64_t error : {-9000 * kDayMs2, 4500 * kDayMs2}) {
    const auto life = new_life();
    life->time_error_ms = error;
    life->start();
    life->run_minutes(20);
    CHECK(life->board.console.has("outside 2025 to 2037"));
    CHECK(life->stored.empty());
    CHECK_EQ(life->starts, 1);
  }
  // A day off, forwards and back, once: asked again, the truth stays.
  for (const std::int64_t error : {kDayMs2, -kDayMs2}) {
    const auto life = new_life();
    life->start();
    life->run_hours(23);
    life->time_error_ms = error;
    life->run_minutes(61);
    CHECK(life->board.console.has("far from ours"));
    life->time_error_ms = 0;
    life->run_hours(2);
    check_one_chain(*life);
    CHECK_EQ(life->starts, 1);
    const std::string last = life->bodies("/api/reading").back();
    const auto t = parse_iso_time_ms(json_field(last, "t")).value_or(0);
    CHECK(life->true_unix_ms() - t < 900'000 && life->true_unix_ms() > t);
  }
}

TEST(a_clock_set_a_day_ahead_is_mended_by_a_restart) {
  const auto life = new_life();
  life->time_error_ms = 86'400'000;
  life->start();
  life->run_hours(2);
  life->time_error_ms = 0;
  life->run_hours(24);
  CHECK_EQ(life->starts, 2);
  CHECK(life->board.console.has("restart: the clock was set wrong before"));
  const std::string last = life->bodies("/api/reading").back();
  const auto t = parse_iso_time_ms(json_field(last, "t")).value_or(0);
  CHECK(life->true_unix_ms() - t < 900'000 && life->true_unix_ms() > t);
}

// A configuration fetched in between must not cancel the second question.
TEST(a_doubtful_time_is_confirmed_after_a_minute_whatever_is_fetched_meanwhile) {
  const auto life = new_life();
  life->start();
  life->run_minutes(7);
  life->time_error_ms = 86'400'000;
  life->config_version = 5;
  life->config = config_with(5, 300'000);
  life->app->before_restart(StartReason::kCommand);
  life->start(ResetReason::kSoftware);
  life->run(90'000);
  CHECK(life->board.console.has("far from ours: asking again"));
  CHECK_EQ(life->requests("GET /api/config"), 1);
  CHECK_EQ(life->bodies("/api/heartbeat").size(), 3u);
}
