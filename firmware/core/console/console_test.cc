// Console stream and commands, with junk of every kind.
#include <memory>
#include <utility>

#include "core/console/console_server.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

struct ConsoleRig final : ConsoleHost, RestartHost {
  FakeBoard board;
  ConsoleStream stream{board.console};
  Events events{stream};
  AtEngine at{board.modem};
  Identity identity;
  Restart restart{board.system, events, *this};
  ConsoleServer server{
      {stream, events, at, board.kv, board.system, restart, *this}, "jambox", "6.0.0", identity};
  ModemUse use = ModemUse::kFree;
  int provisioned = 0;
  bool live_on = false;
  int blinks = 0;
  Millis now = 0;

  UnitStatus status() override { return {}; }
  std::string_view provision(bool) override { return ++provisioned, std::string_view(); }
  std::string_view send_now() override { return "no identity"; }
  std::string_view set_live(bool on) override { return live_on = on, std::string_view(); }
  void blink() override { ++blinks; }
  ModemUse modem_use() override { return use; }

  // What the unit answers to `bytes`.
  std::string say(const std::string& bytes, Millis ms = 200) {
    board.console.from_bench += bytes;
    board.console.to_bench.clear();
    for (const Millis end = now + ms; now < end; ++now) {
      Wake wake(now);
      at.tick(now, wake);
      server.tick(now, wake);
      restart.tick(now, wake);
      stream.flush();
    }
    return board.console.to_bench;
  }
  std::string ask(const std::string& json, Millis ms = 200) {
    return say('\x1e' + json + '\n', ms);
  }
};

std::unique_ptr<ConsoleRig> new_console() { return std::make_unique<ConsoleRig>(); }

}  // namespace

TEST(console_says_hello_without_an_identity) {
  const auto rig = new_console();
  CHECK_EQ(rig->ask(R"({"id":7,"cmd":"hello"})"),
           "\x1e{\"re\":7,\"ok\":true,\"console\":1,\"app\":\"jambox\",\"version\":\"6.0.0\","
           "\"device_id\":null,\"cellular_ok\":false,\"mac\":\"F4:12:FA:00:00:01\"}\n");
}

TEST(console_never_tells_the_token) {
  const auto rig = new_console();
  rig->board.give_identity();
  CHECK(rig->identity.load(rig->board.kv));
  rig->board.kv.state["cellular_ok"] = "1";
  const std::string said =
      rig->ask(R"({"id":1,"cmd":"hello"})") + rig->ask(R"({"id":2,"cmd":"status"})");
  CHECK(contains(said, R"("device_id":"JBNB0001","cellular_ok":true,"mac":"F4:12:FA:00:00:01"})"));
  CHECK(!contains(said, rig->identity.token().substr(0, 6)));
}

TEST(console_answers_status) {
  const auto rig = new_console();
  CHECK_EQ(rig->ask(R"({"id":1,"cmd":"status"})"),
           "\x1e{\"re\":1,\"ok\":true,\"uptime_s\":0,\"led\":\"booting\",\"cereg\":-1,"
           "\"rssi_dbm\":null,\"online\":false,\"clock_synced\":false,\"time\":0,\"queue\":0,"
           "\"send_failures\":0,\"sent\":0,\"dropped\":0,\"refused\":0,"
           "\"config_version\":0,\"radio\":0}\n");
}

TEST(console_refuses_what_it_cannot_do_with_a_reason) {
  const auto rig = new_console();
  struct Case {
    const char* request;
    const char* answer;
  };
  const Case cases[] = {
      {"nonsense", R"("re":0,"ok":false,"error":"the record is not a JSON object")"},
      {"{}", R"("re":0,"ok":false,"error":"id is missing or no whole number")"},
      {R"({"id":1.5,"cmd":"hello"})", R"("re":0,"ok":false)"},
      {R"({"id":-1,"cmd":"hello"})", R"("re":0,"ok":false)"},
      {R"({"id":3})", R"("re":3,"ok":false,"error":"cmd is missing or no known command")"},
      {R"({"id":3,"cmd":"dance"})", R"("re":3,"ok":false,"error":"unknown command dance")"},
      {R"({"id":3,"cmd":"send"})", R"("re":3,"ok":false,"error":"no identity")"},
      {R"({"id":3,"cmd":"live"})", R"("error":"on must be true or false")"},
      {R"({"id":3,"cmd":"at"})", R"("error":"line is missing or longer than 255 characters")"},
      {R"({"id":3,"cmd":"at","line":"A\nB"})", R"("error":"line must be one line of text")"},
      {R"({"id":3,"cmd":"at","line":"AT","timeout_ms":0})", R"("error":"timeout_ms must be)"},
      {R"({"id":3,"cmd":"at-data","hex":"abc"})", R"("error":"hex must be)"},
      {R"({"id":3,"cmd":"at-data","hex":"zz"})", R"("error":"hex must be)"},
  };
  for (const Case& c : cases) CHECK(contains(rig->ask(c.request), c.answer));
  CHECK(rig->board.modem.commands.empty());
}

TEST(console_lends_the_modem) {
  const auto rig = new_console();
  rig->board.modem.noise = "+CSCON: 1\n";
  const std::string said = rig->ask(R"({"id":4,"cmd":"at","line":"AT+CSQ"})");
  CHECK(contains(said, R"({"ev":"at","t":)"));
  CHECK(contains(said, R"("re":4,"line":"+CSQ: 18,99"})"));
  CHECK(contains(said, R"("re":4,"line":"+CSCON: 1"})"));
  CHECK(contains(said, R"("re":4,"ok":true,"final":"OK")"));
  const std::string bad = rig->ask(R"({"id":5,"cmd":"at","line":"AT+BAD"})");
  CHECK(contains(bad, R"("ok":true,"final":"ERROR")"));
}

TEST(console_says_when_the_modem_is_busy_or_silent) {
  const auto rig = new_console();
  rig->board.modem.on("AT+SLOW", {""});
  CHECK_EQ(rig->ask(R"({"id":1,"cmd":"at","line":"AT+SLOW","timeout_ms":5000})"), "");
  CHECK(contains(rig->ask(R"({"id":2,"cmd":"at","line":"AT"})"), R"("re":2,"ok":false)"));
  CHECK(contains(rig->ask(R"({"id":4,"cmd":"at-data","hex":"0d"})"), R"("re":4,"ok":false)"));
  CHECK(contains(rig->say("", 6000), R"("re":1,"ok":false,"error":"the modem did not answer)"));
  const std::pair<ModemUse, const char*> uses[] = {{ModemUse::kRequest, "talking to the backend"},
                                                   {ModemUse::kAttaching, "coming online"}};
  for (const auto& [use, words] : uses) {
    rig->use = use;
    const std::string error =
        std::string(R"("error":"the modem is )") + words + R"(; try again in a few seconds")";
    CHECK(contains(rig->ask(R"({"id":3,"cmd":"at","line":"AT"})"), error));
    CHECK(contains(rig->ask(R"({"id":4,"cmd":"at-data","hex":"0d"})"), error));
  }
  CHECK_EQ(rig->board.modem.count("AT"), 0);
}

TEST(console_sends_bytes_after_a_prompt) {
  const auto rig = new_console();
  CHECK(contains(rig->ask(R"({"id":1,"cmd":"at","line":"AT+CIPSEND=0,2"})"), R"("final":">")"));
  CHECK(contains(rig->ask(R"({"id":2,"cmd":"at-data","hex":"0dFf"})"), R"("final":"OK")"));
  CHECK(rig->board.modem.violations.empty());
}

TEST(console_ignores_what_is_outside_records) {
  const auto rig = new_console();
  CHECK_EQ(rig->say("hello\r\nAT\r\n{\"id\":1,\"cmd\":\"reboot\"}\n"), "");
  // A new record separator gives up the record before it.
  CHECK(contains(rig->say("\x1e{\"id\":1,\x1e{\"id\":2,\"cmd\":\"hello\"}\n"), "\"re\":2"));
  CHECK_EQ(rig->board.system.restarts, 0);
}

TEST(console_refuses_records_that_are_too_long) {
  const auto rig = new_console();
  const std::string long_text(2000, 'x');
  const std::string said = rig->ask(R"({"id":1,"cmd":"hello","x":")" + long_text + "\"}");
  CHECK(contains(said, R"("re":0,"ok":false,"error":"the record is longer than 1024 bytes")"));
  CHECK_EQ(said.find('\n'), said.size() - 1);
  CHECK(contains(rig->ask(R"({"id":2,"cmd":"hello"})"), "\"re\":2"));
}

TEST(console_survives_junk) {
  const auto rig = new_console();
  FakeSystem random;
  for (int round = 0; round < 200; ++round) {
    std::string junk;
    for (int i = 0; i < 300; ++i) {
      const std::uint32_t r = random.random() >> 8;
      junk += r % 9 == 0 ? '\x1e' : r % 11 == 0 ? '\n' : R"({}[]",:0ae\idcm)"[r % 15];
      if (r % 50 == 0) junk += static_cast<char>(r >> 8);
    }
    rig->say(junk, 20);
  }
  rig->say("\n", 50);
  CHECK(contains(rig->ask(R"({"id":2,"cmd":"hello"})"), "\"re\":2"));
}

TEST(console_drops_whole_records_when_nobody_listens) {
  const auto rig = new_console();
  rig->board.console.listening = false;
  for (int i = 0; i < 500; ++i) rig->ask(R"({"id":1,"cmd":"status"})", 2);
  CHECK(rig->stream.dropped() > 0);
  rig->board.console.listening = true;
  const std::string said = rig->say("", 10);
  CHECK(said.front() == '\x1e' && said.back() == '\n');
}

TEST(console_tells_what_the_modem_says_unasked) {
  const auto rig = new_console();
  rig->server.on_unsolicited("+CIPOPEN: 0,0");
  CHECK(contains(rig->say("", 10), R"("ev":"at")"));
  rig->server.on_unsolicited("+CEREG: 5");
  CHECK(contains(rig->say("", 10), R"("re":0,"line":"+CEREG: 5")"));
}

TEST(console_lets_the_unit_show_which_it_is) {
  const auto rig = new_console();
  CHECK(contains(rig->ask(R"({"id":1,"cmd":"blink"})", 20), R"("re":1,"ok":true)"));
  CHECK_EQ(rig->blinks, 1);
}

TEST(console_restarts_after_its_answer_has_left) {
  const auto rig = new_console();
  CHECK(contains(rig->ask(R"({"id":1,"cmd":"reboot"})", 20), R"("re":1,"ok":true)"));
  CHECK_EQ(rig->board.system.restarts, 0);
  rig->say("", 60);
  CHECK(rig->board.system.restarts > 0);
}

TEST(console_wipes_the_state_and_keeps_the_identity) {
  const auto rig = new_console();
  rig->board.give_identity();
  rig->board.kv.state["cellular_ok"] = "1";
  CHECK(contains(rig->ask(R"({"id":1,"cmd":"wipe"})"), R"("ok":true)"));
  CHECK(rig->board.kv.state.empty());
  CHECK(rig->identity.load(rig->board.kv));
}

TEST(console_tells_a_step_that_only_warns) {
  const auto rig = new_console();
  StepReport report{};
  report.number = 4;
  report.state = StepState::kWarning;
  rig->events.bringup(report);
  CHECK(contains(rig->say("", 5), R"("state":"warning")"));
}

TEST(log_lines_cannot_forge_records) {
  const auto rig = new_console();
  rig->events.log(LogLevel::kInfo, "modem", "a\x1e{\"ev\":\"boot\"}\nb");
  CHECK_EQ(rig->say("", 5), "I (0) modem: a?{\"ev\":\"boot\"}?b\n");
}

TEST(console_masks_every_piece_of_the_secret_and_nothing_else) {
  const auto rig = new_console();
  const std::string secret = "hq0Vd3Y5o1l8mS6n2bZxR7tKQwE4uJcA9fGpLyXiTzM";
  rig->stream.set_secret(secret);
  rig->events.log(LogLevel::kInfo, "a", "Bearer " + secret + " end");
  CHECK_EQ(rig->say("", 5), "I (0) a: Bearer * end\n");
  for (std::size_t at = 0; at < secret.size(); ++at) {
    for (std::size_t n = 1; at + n <= secret.size(); ++n) {
      const std::string piece = secret.substr(at, n);
      rig->events.log(LogLevel::kInfo, "a", "<" + piece + ">");
      const std::string wanted = n < ConsoleStream::kSecretPiece ? piece : "*";
      CHECK_EQ(rig->say("", 2), "I (0) a: <" + wanted + ">\n");
    }
  }
}
