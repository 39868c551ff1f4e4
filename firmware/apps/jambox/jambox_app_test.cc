// The production program on a whole fake board: first heartbeat and reading, outages, commands.
#include "apps/jambox/jambox_app.h"

#include <memory>

#include "core/clock/civil_time.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

constexpr std::int64_t kBootUnix = 1769688060;  // 2026-01-29T12:01:00Z

struct Unit {
  FakeBoard board;
  std::unique_ptr<JamBoxApp> app;
  int heartbeat_status = 200;
  int reading_status = 201;
  std::string heartbeat_answer;  // empty: the ordinary one, with the right time
  bool backend_silent = false;

  Unit() {
    board.give_identity();
    board.modem.backend = [this](const std::string& request) {
      if (backend_silent) return std::string();
      const bool heartbeat = request.rfind("POST /api/heartbeat", 0) == 0;
      const bool batch = request.rfind("POST /api/reading/batch ", 0) == 0;
      if (batch) return http(404, R"({"error":"not found"})");  // a backend from before them
      if (!heartbeat) return http(reading_status, R"({"status":"ok"})");
      return http(heartbeat_status, heartbeat_answer.empty() ? good_heartbeat() : heartbeat_answer);
    };
  }
  std::string good_heartbeat() {
    FixedText<24> time;
    add_iso_time(time, kBootUnix + static_cast<std::int64_t>(board.clock.now / 1000));
    return R"({"status":"ok","server_time":")" + std::string(time.view()) +
           R"(","config_version":1})";
  }
  void start() {
    app = std::make_unique<JamBoxApp>(board.ports());
    app->start();
  }
  void run(Millis ms) { board.run(*app, ms); }
  void run_s(int seconds) { run(static_cast<Millis>(seconds) * 1000); }

  std::vector<std::string> bodies(const char* path) const {
    std::vector<std::string> found;
    for (const std::string& request : board.modem.requests) {
      if (request.rfind(std::string("POST ") + path + " ", 0) != 0) continue;
      found.push_back(request.substr(request.find("\r\n\r\n") + 4));
    }
    return found;
  }
  std::vector<std::string> readings() const { return bodies("/api/reading"); }
  std::vector<std::string> heartbeats() const { return bodies("/api/heartbeat"); }
};

std::string field(const std::string& json, const std::string& key) {
  const std::size_t at = json.find("\"" + key + "\":");
  if (at == std::string::npos) return "";
  const std::size_t from = at + key.size() + 3;
  return json.substr(from, json.find_first_of(",}", from) - from);
}

}  // namespace

TEST(unit_attaches_syncs_counts_and_sends) {
  Unit unit;
  unit.start();
  unit.run_s(10);
  CHECK_EQ(unit.heartbeats().size(), 1u);
  CHECK_EQ(field(unit.heartbeats()[0], "cell_rssi"), "-77");
  for (std::uint32_t i = 0; i < 20; ++i) unit.board.radio.frames.push_back(probe_frame(i % 4, -60));
  unit.board.radio.frames.push_back(probe_frame(9, -60, false));
  unit.run_s(330);
  CHECK_EQ(unit.readings().size(), 1u);
  const std::string reading = unit.readings()[0];
  CHECK_EQ(field(reading, "i"), "20");
  CHECK_EQ(field(reading, "u"), "4");
  CHECK_EQ(field(reading, "rssi_near"), "4");
  CHECK_EQ(field(reading, "ts"), "1");
  CHECK_EQ(field(reading, "seq"), "1");
  CHECK(unit.board.modem.violations.empty());
  CHECK(unit.board.console.has(R"("ev":"reading")"));
  CHECK(unit.board.console.has(R"("pattern":"sent")"));
}

TEST(unit_never_prints_its_token) {
  Unit unit;
  unit.start();
  unit.run_s(700);
  CHECK(!unit.board.console.has(unit.board.kv.factory["token"].substr(0, 8)));
}

TEST(unit_without_identity_says_so_and_answers) {
  Unit unit;
  unit.board.kv.factory.clear();
  unit.start();
  unit.board.console.send(R"({"id":1,"cmd":"hello"})");
  unit.board.console.send(R"({"id":2,"cmd":"send"})");
  unit.run_s(5);
  CHECK(unit.board.console.has(R"("pattern":"failed")"));
  CHECK(unit.board.console.has("no identity"));
  CHECK(unit.board.console.has(R"("re":1,"ok":true)"));
  CHECK(unit.board.console.has(R"("re":2,"ok":false)"));
  CHECK(unit.board.modem.commands.empty());
}

TEST(unit_keeps_readings_while_the_backend_is_down_and_sends_oldest_first) {
  Unit unit;
  unit.start();
  unit.run_s(20);
  unit.backend_silent = true;
  unit.run_s(3600);
  const std::size_t before = unit.readings().size();
  CHECK(before > 3 && before < 60);  // it tried, but not all the time
  CHECK(unit.board.console.has(R"("pattern":"send_failed")"));
  unit.backend_silent = false;
  unit.run_s(1500);
  const auto readings = unit.readings();
  std::vector<std::string> seqs;
  for (std::size_t i = before; i < readings.size(); ++i) seqs.push_back(field(readings[i], "seq"));
  CHECK(seqs.size() >= 12);
  for (std::size_t i = 0; i < seqs.size(); ++i) CHECK_EQ(seqs[i], std::to_string(i + 1));
  CHECK_EQ(field(readings.back(), "cd"), "0");
  CHECK_EQ(field(readings.back(), "sf"), "0");
}

TEST(a_reading_keeps_its_start_over_every_retry) {
  Unit unit;
  unit.start();
  unit.run_s(20);
  unit.reading_status = 500;
  unit.run_s(1200);
  const auto readings = unit.readings();
  CHECK(readings.size() >= 4);
  for (const std::string& reading : readings) {
    CHECK_EQ(field(reading, "seq"), "1");
    CHECK_EQ(field(reading, "t"), field(readings[0], "t"));
  }
}

TEST(a_refused_reading_is_dropped_and_blocks_nothing) {
  for (const int status : {400, 413}) {
    Unit unit;
    unit.reading_status = status;
    unit.start();
    unit.run_s(930);
    const auto readings = unit.readings();
    CHECK_EQ(readings.size(), 3u);
    for (std::size_t i = 0; i < readings.size(); ++i) {
      CHECK_EQ(field(readings[i], "seq"), std::to_string(i + 1));
    }
  }
}

TEST(a_refused_token_keeps_the_reading_and_retries_slowly) {
  Unit unit;
  unit.reading_status = 401;
  unit.start();
  unit.run_s(3600);
  const std::size_t tries = unit.readings().size();
  CHECK(tries >= 4 && tries <= 12);
  unit.reading_status = 201;
  unit.run_s(1300);
  CHECK_EQ(field(unit.readings()[tries], "seq"), "1");
}

TEST(an_unregistered_unit_gets_through_once_it_is_registered) {
  Unit unit;
  unit.heartbeat_status = 401;
  unit.heartbeat_answer = R"({"error":"not authorised"})";
  unit.start();
  unit.run_s(100);
  CHECK(unit.heartbeats().size() >= 2);
  CHECK(unit.board.console.has(R"("ev":"heartbeat")"));
  unit.heartbeat_status = 200;
  unit.heartbeat_answer.clear();
  unit.run_s(200);
  CHECK(unit.board.console.has(R"("clock_synced":true)"));
}

TEST(commands_of_the_backend_are_executed_and_acknowledged) {
  Unit unit;
  unit.heartbeat_answer =
      R"({"status":"ok","server_time":"2026-01-29T12:01:00Z","command":"send_now",)"
      R"("command_id":"c1","config_version":4})";
  unit.start();
  unit.run_s(15);
  CHECK_EQ(unit.readings().size(), 1u);
  CHECK_EQ(field(unit.readings()[0], "ack"), "\"c1\"");
  unit.board.buttons.top = true;
  unit.run(200);
  unit.board.buttons.top = false;
  unit.run_s(10);
  CHECK_EQ(unit.readings().size(), 2u);
  CHECK_EQ(field(unit.readings()[1], "ack"), "");
  CHECK(field(unit.readings()[0], "t") != field(unit.readings()[1], "t"));
}

TEST(reboot_restarts_and_unknown_commands_are_declined_in_words) {
  Unit unit;
  unit.heartbeat_answer = R"({"status":"ok","command":"reboot","command_id":"c2"})";
  unit.start();
  unit.run_s(15);
  CHECK(unit.board.system.restarts > 0);
  CHECK_EQ(unit.board.kv.state["cmd_id"], "c2");
  Unit other;
  other.heartbeat_answer = R"({"status":"ok","command":"dance","command_id":"c3"})";
  other.start();
  other.run_s(15);
  CHECK_EQ(other.board.system.restarts, 0);
  CHECK(other.board.console.has("command dance: not known to this version"));
}

TEST(heartbeat_comes_back_every_day) {
  Unit unit;
  unit.start();
  unit.run_s(2 * 86400 + 60);
  CHECK_EQ(unit.heartbeats().size(), 3u);
  CHECK_EQ(unit.readings().size(), 576u);
  CHECK(unit.board.modem.violations.empty());
}

TEST(unit_comes_back_after_losing_registration) {
  Unit unit;
  unit.start();
  unit.run_s(20);
  unit.board.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n"});
  unit.run_s(400);
  CHECK(unit.board.console.has(R"("state":"searching")"));
  CHECK(unit.readings().empty());
  unit.board.modem.on("AT+CEREG?", {"+CEREG: 0,5\nOK\n"});
  unit.run_s(60);
  CHECK_EQ(unit.readings().size(), 1u);
}

TEST(unit_opens_the_stack_again_when_no_connection_can_be_made) {
  Unit unit;
  unit.start();
  unit.run_s(20);
  unit.board.modem.refuse_connections = true;
  unit.run_s(900);
  CHECK(unit.board.modem.count("AT+NETCLOSE") >= 1);
  CHECK_EQ(unit.board.modem.count("AT+CFUN=1,1"), 0);
  unit.board.modem.refuse_connections = false;
  unit.run_s(1200);
  CHECK(unit.readings().size() >= 6);
}

TEST(unit_survives_a_silent_modem_and_recovers) {
  Unit unit;
  unit.board.modem.on("AT", {""});
  unit.start();
  unit.run_s(120);
  CHECK(unit.board.console.has(R"("state":"offline")"));
  CHECK(unit.board.console.has(R"("pattern":"failed")"));
  unit.board.modem.on("AT", {"OK\n"});
  unit.run_s(400);
  CHECK(!unit.readings().empty());
}

TEST(console_at_does_not_disturb_a_running_request) {
  Unit unit;
  unit.start();
  unit.run_s(20);
  unit.backend_silent = true;
  unit.board.console.send(R"({"id":1,"cmd":"send"})");
  unit.run_s(3);
  unit.board.console.send(R"({"id":2,"cmd":"at","line":"AT+CSQ"})");
  unit.run_s(1);
  CHECK(unit.board.console.has(R"("re":1,"ok":true)"));
  CHECK(unit.board.console.has(R"("re":2,"ok":false,"error":"the modem is talking)"));
  unit.backend_silent = false;
  unit.run_s(90);
  unit.board.console.send(R"({"id":3,"cmd":"at","line":"AT+CSQ"})");
  unit.run_s(1);
  CHECK(unit.board.console.has(R"("re":3,"ok":true,"final":"OK")"));
}

TEST(live_figures_come_each_second_while_wanted) {
  Unit unit;
  unit.start();
  unit.board.console.send(R"({"id":1,"cmd":"live","on":true})");
  unit.run_s(5);
  CHECK(unit.board.console.has(R"("ev":"live")"));
  unit.board.console.send(R"({"id":2,"cmd":"live","on":false})");
  unit.run_s(1);
  unit.board.console.to_bench.clear();
  unit.run_s(5);
  CHECK(!unit.board.console.has(R"("ev":"live")"));
}

TEST(readings_failures_and_numbers_go_on_after_a_power_cut) {
  Unit unit;
  unit.start();
  unit.run_s(20);
  unit.backend_silent = true;
  unit.run_s(3600);
  const std::vector<std::string> tried = unit.readings();
  unit.start();  // the flash and the store stay, the rest is new
  unit.backend_silent = false;
  unit.run_s(400);
  const std::vector<std::string> readings = unit.readings();
  CHECK(readings.size() >= tried.size() + 12);
  if (readings.size() < tried.size() + 12) return;
  const std::string& first = readings[tried.size()];
  CHECK_EQ(field(first, "seq"), "1");
  CHECK_EQ(field(first, "t"), field(tried[0], "t"));
  CHECK_EQ(field(first, "cd"), "11");
  CHECK_EQ(std::stoi(field(first, "sf")), std::stoi(field(tried.back(), "sf")) + 1);
  CHECK(std::stoi(field(first, "age")) > 3200);
  for (std::size_t i = 0; i + tried.size() < readings.size(); ++i) {
    CHECK_EQ(field(readings[tried.size() + i], "seq"), std::to_string(i + 1));
  }
}
