// Lives of the production program: tuned, commanded, placed, restarted; and the token in no byte
// of the console.
#include "host/test.h"
#include "host/unit_life.h"

using namespace jambox;
using namespace jambox::test;

namespace {

int times_in(const std::string& text, const std::string& part) {
  int n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

TEST(config_is_fetched_used_and_reported) {
  const auto life = new_life();
  life->config_version = 4;
  life->config = config_with(4, 60'000);
  life->start();
  run_with_probes(*life, 12);
  life->run_minutes(3);
  CHECK_EQ(life->requests("GET /api/config/JBNB0001?d=JBNB0001&full=1 "), 1);
  CHECK(life->bodies("/api/reading").size() >= 13);
  CHECK_EQ(life->stored_impressions(), life->probes);
  life->run_minutes(60);
  CHECK_EQ(json_field(life->bodies("/api/heartbeat").back(), "cfg"), "4");
  CHECK(life->board.console.has(R"("ev":"config","t":)"));
  CHECK(life->board.console.has(R"("ok":true,"version":4)"));
}

// From every interval to every other, at any moment: the sum is right and no start repeats.
TEST(interval_changes_neither_lose_nor_double_a_count) {
  const int intervals[] = {300'000, 60'000, 3'600'000, 420'000, 600'000, 60'000};
  const auto life = new_life();
  life->start();
  int version = 1;
  for (const int interval : intervals) {
    run_with_probes(*life, 7);
    life->config_version = ++version;
    life->config = config_with(version, interval);
    life->board.console.send(R"({"id":1,"cmd":"send"})");
    run_with_probes(*life, 6);
  }
  life->run_minutes(61);
  CHECK_EQ(life->stored_impressions(), life->probes);
  CHECK_EQ(life->stored_twice(), 0);
  check_one_chain(*life);
}

TEST(config_stays_over_a_restart_without_a_network) {
  const auto life = new_life();
  life->config_version = 9;
  life->config = config_with(9, 60'000);
  life->start();
  life->run_minutes(2);
  life->down = true;
  life->start(ResetReason::kPowerOn, 60'000);
  life->run_minutes(10);
  life->board.console.send(R"({"id":7,"cmd":"status"})");
  life->run(1000);
  CHECK(life->board.console.has(R"("queue":9,)") || life->board.console.has(R"("queue":10,)"));
  CHECK(life->board.console.has(R"("config_version":9})"));
}

TEST(refused_config_is_reported_and_the_old_one_stays) {
  const auto life = new_life();
  life->config_version = 2;
  life->config = config_with(2, 300'000, -10);
  life->start();
  life->run_minutes(30);
  CHECK_EQ(life->requests("GET /api/config"), 1);
  CHECK(life->board.console.has("configuration: rssi_far_threshold is not -90 to -65"));
  CHECK(life->board.console.has(R"("ok":false,"version":0,"said":"rssi_far_threshold)"));
  const std::string heartbeat = life->bodies("/api/heartbeat").back();
  CHECK_EQ(json_field(heartbeat, "note"), "configuration: rssi_far_threshold is not -90 to -65");
  CHECK_EQ(json_field(heartbeat, "cfg"), "0");
  CHECK_EQ(life->bodies("/api/heartbeat").size(), 2u);
}

TEST(each_command_is_executed_once_and_acknowledged) {
  for (const char* name : {"send_now", "reboot", "geolocate", "fetch_config", "dance"}) {
    const auto life = new_life();
    life->config_version = 3;
    life->config = config_with(3, 300'000);
    life->start(ResetReason::kResetLine);
    life->run_minutes(1);
    const int fetched = life->requests("GET /api/config");
    life->command = name;
    life->command_id = "c42";
    life->board.console.send(R"({"id":1,"cmd":"send"})");
    life->run(20'000);
    CHECK_EQ(life->board.radio.access_points, std::string(name) == "geolocate");
    life->run_minutes(16);
    CHECK(life->command.empty());  // acknowledged
    CHECK_EQ(life->board.kv.state["cmd_id"], "c42");
    CHECK_EQ(times_in(life->board.console.to_bench, std::string(R"("name":")") + name + '"'), 1);
    CHECK_EQ(life->starts, std::string(name) == "reboot" ? 2 : 1);
    const int fetches = std::string(name) == "fetch_config" ? 1 : 0;
    CHECK_EQ(life->requests("GET /api/config") - fetched, fetches);
    const bool unknown = std::string(name) == "dance";
    const std::string note = json_field(life->bodies("/api/heartbeat").back(), "note");
    CHECK_EQ(note, unknown ? "command dance: not known to this version" : "");
  }
}

TEST(a_command_that_is_too_long_to_be_one_is_reported_too) {
  const auto life = new_life();
  life->command = std::string(60, 'x');
  life->command_id = "c1";
  life->start();
  life->run_minutes(12);
  CHECK(life->command.empty());
  CHECK(contains(json_field(life->bodies("/api/heartbeat").back(), "note"), "xxxxxxx: not known"));
}

TEST(time_goes_on_behind_a_reboot_by_command) {
  const auto life = new_life();
  life->start();
  run_with_probes(*life, 7);
  life->command = "reboot";
  life->command_id = "c1";
  life->board.console.send(R"({"id":1,"cmd":"send"})");
  life->run(3'500);
  CHECK_EQ(life->starts, 2);
  life->down = true;  // nobody tells the time any more
  life->board.console.to_bench.clear();
  life->board.console.send(R"({"id":2,"cmd":"status"})");
  life->run(1000);
  CHECK(life->board.console.has(R"("clock_synced":true)"));
  run_with_probes(*life, 7);
  life->down = false;
  life->run_minutes(20);
  CHECK_EQ(life->stored_impressions(), life->probes);
  check_one_chain(*life);
}

TEST(the_place_is_reported_after_power_came_and_on_command) {
  const auto life = new_life();
  const auto neighbours = [&] {
    for (std::uint8_t i = 1; i <= 12; ++i) {
      const auto rssi = static_cast<std::int8_t>(-90 + 2 * i);
      life->board.radio.frames.push_back(beacon_frame(i, rssi, i == 12 ? "cafe_nomap" : "x", 6));
    }
  };
  life->start();
  neighbours();  // outside a scan nobody listens to them
  life->run(GeolocationTask::kSettleMs + 10'000);
  neighbours();
  life->run_minutes(2);
  const auto scans = life->bodies("/api/geolocation");
  CHECK_EQ(scans.size(), 1u);
  if (scans.empty()) return;
  CHECK(contains(scans[0], R"({"d":"JBNB0001","wifi":[{"bssid":"00:00:5E:00:53:0B","rssi":-68,)"));
  CHECK(contains(scans[0], R"({"bssid":"00:00:5E:00:53:02","rssi":-86,"ch":6}]})"));
  CHECK(life->board.console.has("placed, time zone Europe/Paris"));
  CHECK(!life->board.console.has("5E:00:53") && !life->board.console.has("005e00"));
  CHECK(!life->board.radio.access_points);
  life->run_hours(30);
  CHECK_EQ(life->bodies("/api/geolocation").size(), 1u);
  life->start(ResetReason::kSoftware);
  life->run_hours(1);
  CHECK_EQ(life->bodies("/api/geolocation").size(), 1u);
}

TEST(the_longest_id_goes_into_every_request_whole) {
  const std::string id = "JBNB99999999";
  const auto life = new_life();
  life->board.kv.factory["id"] = id;
  life->config_version = 2;
  life->config = config_with(2, 60'000);
  life->start();
  life->run(GeolocationTask::kSettleMs + 10'000);
  for (std::uint8_t i = 1; i <= 12; ++i) {
    life->board.radio.frames.push_back(beacon_frame(i, -60, "a-network", 6));
  }
  life->run_minutes(4);
  CHECK_EQ(life->requests("GET /api/config/" + id + "?d=" + id + "&full=1 "), 1);
  for (const char* path :
       {"/api/heartbeat", "/api/reading", "/api/geolocation", "/api/ota/check"}) {
    const auto bodies = life->bodies(path);
    CHECK(!bodies.empty());
    for (const std::string& body : bodies) {
      CHECK_EQ(json_field(body, "d"), id);
      CHECK_EQ(body.back(), '}');
    }
  }
  life->board.console.to_bench.clear();
  life->board.console.send(R"({"id":1,"cmd":"hello"})");
  life->run(1000);
  CHECK(life->board.console.has(R"("device_id":"JBNB99999999")"));
}

TEST(the_token_is_in_no_byte_of_the_console) {
  const auto life = new_life();
  const std::string token = life->board.kv.factory["token"];
  life->config_version = 2;
  life->config = config_with(2, 60'000);
  life->board.modem.echo_payload = true;
  std::string all;
  const auto take = [&](int minutes) {
    life->run_minutes(minutes);
    all += life->board.console.to_bench;
    life->board.console.to_bench.clear();
  };
  life->start();
  life->board.console.send(R"({"id":1,"cmd":"hello"})");
  take(5);
  life->silent = true;
  take(10);
  life->board.modem.only_errors = true;  // CIPSEND ends in ERROR behind the echo
  life->silent = false;
  take(30);
  life->board.modem.only_errors = false;
  take(30);
  // The console has the modem while a late echo arrives; and somebody types the token himself.
  life->board.modem.on("AT+SLOW", {""});
  life->board.console.send(R"({"id":2,"cmd":"at","line":"AT+SLOW","timeout_ms":3000})");
  life->run(100);
  life->board.modem.say("Authorization: Bearer " + token + "\n" + token.substr(5, 12) + "\n");
  life->board.console.send(R"({"id":3,"cmd":")" + token + "\"}");
  take(10);
  CHECK(contains(all, "Authorization: Bearer *"));
  CHECK(contains(all, R"("ev":"reading")"));
  for (std::size_t at = 0; at + 8 <= token.size(); ++at) {
    CHECK(!contains(all, token.substr(at, 8)));
  }
}

TEST(the_button_held_at_boot_brings_the_modem_up_anew) {
  const auto life = new_life();
  life->board.buttons.top = true;
  life->start();
  life->run(5'000);
  life->board.buttons.top = false;
  life->run_minutes(2);
  CHECK_EQ(life->board.modem.count("AT+QCBAND=0,2,4,12,13,66"), 1);
  CHECK(life->board.console.has(R"("ev":"bringup","t":)"));
  CHECK(life->board.console.has(R"("ev":"bringup_done")"));
  CHECK(life->board.console.has(R"("address":"10.1.2.3")"));
  CHECK_EQ(life->board.kv.state["cellular_ok"], "1");
  CHECK(!life->board.console.has("long press"));
  CHECK(life->board.modem.violations.empty());
}

TEST(a_restart_on_the_benchs_word_loses_no_count) {
  const auto life = new_life();
  life->start();
  run_with_probes(*life, 7);
  life->board.console.send(R"({"id":1,"cmd":"reboot"})");
  life->run_minutes(12);
  CHECK_EQ(life->starts, 2);
  CHECK_EQ(life->stored_impressions(), life->probes);
}

TEST(the_light_tells_the_whole_story) {
  const auto life = new_life();
  const auto shown = [&](const char* pattern) {
    return life->board.console.has(std::string(R"("pattern":")") + pattern + '"');
  };
  life->start();
  life->run(20);
  CHECK(shown("booting"));
  life->run_minutes(6);
  CHECK(shown("sending") && shown("sent") && shown("connected"));
  CHECK(!shown("failed") && !shown("send_failed"));
  life->silent = true;
  life->run_minutes(6);
  CHECK(shown("send_failed"));
  life->board.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n"});
  life->run_minutes(2);
  CHECK(shown("searching"));
  life->board.modem.mute = true;
  life->run_minutes(2);
  CHECK(shown("failed"));
  life->board.console.to_bench.clear();
  life->board.buttons.top = true;
  life->run(100);
  CHECK(shown("button"));
}

TEST(the_console_gets_the_modem_only_while_nobody_needs_it) {
  const auto life = new_life();
  int id = 0;
  // The unit's answer to one AT command.
  const auto ask = [&] {
    life->board.console.to_bench.clear();
    life->board.console.send(R"({"id":)" + std::to_string(++id) + R"(,"cmd":"at","line":"ATI"})");
    life->run(100);
    const std::string said = life->board.console.to_bench;
    const std::string re = "\"re\":" + std::to_string(id) + ",\"ok\":";
    return said.substr(said.find(re) + re.size(), 60);
  };
  life->board.modem.on("ATI", {"SIM7028\nOK\n"});
  life->board.modem.on("AT+CPIN?", {"", "", "+CPIN: READY\nOK\n"});
  life->start();
  life->run(300);
  CHECK(starts_with(ask(), R"(false,"error":"the modem is coming online)"));
  life->run_minutes(2);
  CHECK(starts_with(ask(), R"(true,"final":"OK")"));
  life->silent = true;
  life->board.console.send(R"({"id":900,"cmd":"send"})");
  life->run(5'000);
  CHECK(starts_with(ask(), R"(false,"error":"the modem is talking to the backend)"));
  life->silent = false;
  life->run_minutes(2);
  life->board.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n"});
  life->run_minutes(3);
  CHECK(starts_with(ask(), R"(true,"final":"OK")"));  // searching: the guide needs it just then
  CHECK(life->board.modem.violations.empty());
}

// At one reading a minute, with outages and lost answers in between.
TEST(power_cuts_at_random_leave_readings_whole_and_stored_once) {
  const auto life = new_life();
  life->config_version = 2;
  life->config = config_with(2, 60'000);
  life->start();
  FakeSystem random;
  for (int i = 0; i < 40; ++i) {
    const std::uint32_t dice = random.random() >> 8;
    life->down = dice % 3 == 0;
    life->loses_answers = dice % 5 == 0;
    life->probe();
    life->run(dice % 1'200'000);
    life->start(ResetReason::kPowerOn, dice % 400'000);
  }
  life->down = life->loses_answers = false;
  life->run_minutes(20);
  CHECK_EQ(life->stored_twice(), 0);
  check_one_chain(*life);
}
