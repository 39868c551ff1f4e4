// The twelve steps against a scripted modem: the good run in many pieces, a failure at each step.
#include "core/modem/bringup.h"
#include "host/fake_modem.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

struct Report {
  int number;
  StepState state;
  int attempt;
  std::string said;
};

struct BringupRig final : BringupObserver {
  FakeModem modem;
  AtEngine at{modem};
  Bringup bringup{at, *this};
  ModemSettings settings;
  std::vector<Report> reports;
  int done = 0;
  bool ok = false;
  int last = 0;
  std::string address;
  Millis now = 0;

  void on_step(const StepReport& r) override {
    reports.push_back({r.number, r.state, r.attempt, std::string(r.said)});
  }
  void on_bringup_done(bool is_ok, std::uint8_t number, std::string_view a) override {
    ++done, ok = is_ok, last = number, address = std::string(a);
  }
  void start() { bringup.start(bringup_table(), settings, now); }
  void run(Millis limit = 1'200'000) {
    for (const Millis end = now + limit; now < end && done == 0;) {
      modem.next_tick();
      Wake wake(now);
      at.tick(now, wake);
      bringup.tick(now, wake);
      const Millis delay = wake.delay_ms();
      now += modem.piece > 0 ? 1 : delay < 1 ? 1 : delay;
    }
  }
  const Report& final_report(int number) const {
    const Report* found = &reports.front();
    for (const Report& r : reports) {
      if (r.number == number) found = &r;
    }
    return *found;
  }
};

}  // namespace

TEST(bringup_runs_the_twelve_steps_in_order) {
  BringupRig rig;
  rig.start();
  rig.run();
  CHECK(rig.ok);
  CHECK_EQ(rig.last, 12);
  CHECK_EQ(rig.address, "10.1.2.3");
  const std::vector<std::string> wanted = {"AT",
                                           "ATE0",
                                           "AT+CPSMS=0",
                                           "AT+CIPRXGET=0",
                                           "AT+CEDRXS=0,5",
                                           "AT+CPIN?",
                                           "AT+QCBAND=0,2,4,12,13,66",
                                           "AT+CFUN=1,1",
                                           "AT",
                                           "ATE0",
                                           "AT+CPSMS=0",
                                           "AT+CIPRXGET=0",
                                           "AT+CEDRXS=0,5",
                                           "AT+CEREG?",
                                           "AT+NETCLOSE",
                                           "AT+CGDCONT=0,\"IP\",\"hologram\"",
                                           "AT+CGATT=1",
                                           "AT+NETOPEN",
                                           "AT+IPADDR"};
  CHECK(rig.modem.commands == wanted);
  CHECK(rig.modem.violations.empty());
  CHECK_EQ(rig.reports.size(), 24u);  // running and ok, twelve times
  CHECK_EQ(rig.final_report(3).said, "+CPIN: READY");
}

TEST(bringup_survives_pieces_and_unsolicited_lines_everywhere) {
  for (std::size_t piece = 1; piece <= 9; ++piece) {
    BringupRig rig;
    rig.modem.piece = piece;
    rig.modem.noise = "+CEREG: 2\n*PSUTTZ: 26/01/29,10:00:00\n+CSCON: 0\n";
    rig.start();
    rig.run();
    CHECK(rig.ok);
    CHECK_EQ(rig.address, "10.1.2.3");
    CHECK_EQ(rig.reports.size(), 24u);
  }
}

// Without blanks, with every optional field, with words that nobody has asked for or knows.
TEST(bringup_reads_the_modems_other_ways_of_saying_it) {
  for (std::size_t piece = 0; piece <= 9; piece += 3) {
    BringupRig rig;
    rig.modem.piece = piece;
    rig.modem.noise =
        "+CTZE: \"-20\",0\n*NEW: 1\n+CBM: 7\nERROR\n"
        "+CEREG: 5,\"1A2B\",\"01C3D405\",9\n";
    rig.modem.on("AT+CPIN?", {"+CPIN:READY\nOK\n"});
    rig.modem.on("AT+CEREG?", {"+CEREG: 4,2,,,,0,15\nOK\n",
                               "+CEREG: 5,5,\"1A2B\",\"01C3D405\",9,,,\"01\",\"02\"\nOK\n"});
    rig.modem.on("AT+NETOPEN", {"OK\n+NETOPEN:0\n"});
    rig.modem.on("AT+IPADDR", {"+IPADDR: 0.0.0.0\nOK\n"});
    rig.modem.on("AT+CGDCONT?", {"+CGDCONT:1,\"IP\",\"x\",\"10.9.9.9\",0,0\n"
                                 "+CGDCONT:0, \"IPV4V6\",\"hologram\", \"10.1.2.3\",0,0,0\nOK\n"});
    rig.start();
    rig.run();
    CHECK(rig.ok);
    CHECK_EQ(rig.address, "10.1.2.3");
  }
}

TEST(bringup_fails_at_each_step_with_the_modems_words) {
  struct Case {
    int step;
    const char* command;
    const char* reply;
    const char* said;
    int sent;
  };
  const Case cases[] = {
      {1, "AT", "", "", 10},
      {2, "ATE0", "ERROR\n", "ERROR", 5},
      {3, "AT+CPIN?", "+CME ERROR: SIM not inserted\n", "+CME ERROR: SIM not inserted", 6},
      {3, "AT+CPIN?", "+CPIN: SIM PIN\nOK\n", "+CPIN: SIM PIN", 6},
      {5, "AT+CFUN=1,1", "+CME ERROR: operation not allowed\n", "+CME ERROR: operation not allowed",
       2},
      {7, "AT+CEREG?", "+CEREG: 0,3\nOK\n", "+CEREG: 0,3", 6},
      {8, "AT+NETCLOSE", "", "", 2},
      {9, "AT+CGDCONT=0,\"IP\",\"hologram\"", "ERROR\n", "ERROR", 3},
      {10, "AT+CGATT=1", "+CME ERROR: 30\n", "+CME ERROR: 30", 3},
      {11, "AT+NETOPEN", "OK\n+NETOPEN: 1\n", "+NETOPEN: 1", 2},
  };
  for (const Case& c : cases) {
    BringupRig rig;
    rig.modem.on(c.command, {c.reply});
    rig.start();
    rig.run();
    CHECK_EQ(rig.done, 1);
    CHECK(!rig.ok);
    CHECK_EQ(rig.last, c.step);
    CHECK(rig.final_report(c.step).state == StepState::kFailed);
    CHECK_EQ(rig.final_report(c.step).said, c.said);
    CHECK_EQ(rig.modem.count(c.command), c.sent);
    CHECK(rig.modem.violations.empty());
  }
}

// An answer that got lost, a modem that restarts in between, a network that is busy just now.
TEST(bringup_survives_one_bad_answer_at_any_step) {
  for (const char* command :
       {"ATE0", "AT+CGDCONT=0,\"IP\",\"hologram\"", "AT+CGATT=1", "AT+NETOPEN", "AT+NETCLOSE",
        "AT+CEREG?", "AT+CPIN?", "AT+CFUN=1,1"}) {
    for (const char* bad : {"", "RDY\n", "+CME ERROR: 148\n", "ERROR\n"}) {
      BringupRig rig;
      const bool restart = std::string_view(command) == "AT+CFUN=1,1";
      const bool opens = std::string_view(command) == "AT+NETOPEN";
      rig.modem.on(command, {bad, restart                                    ? "OK\nRDY\n"
                                  : opens                                    ? "OK\n+NETOPEN: 0\n"
                                  : std::string_view(command) == "AT+CEREG?" ? "+CEREG: 0,5\nOK\n"
                                  : std::string_view(command) == "AT+CPIN?"  ? "+CPIN: READY\nOK\n"
                                                                             : "OK\n"});
      rig.start();
      rig.run();
      CHECK(rig.ok);
      if (!rig.ok) std::printf("  %s after \"%s\"\n", command, bad);
    }
  }
}

TEST(bringup_waits_for_a_sim_that_is_busy_and_compares_its_words_whole) {
  for (const char* busy :
       {"+CPIN: NOT READY\nOK\n", "+CME ERROR: SIM busy\n", "+CME ERROR: 14\n", "ERROR\n"}) {
    BringupRig rig;
    rig.modem.on("AT+CPIN?", std::vector<std::string>(12, busy));
    rig.start();
    rig.run();
    CHECK(!rig.ok);
    CHECK_EQ(rig.last, 3);
    BringupRig late;
    std::vector<std::string> replies(12, busy);
    replies.push_back("+CPIN: READY\nOK\n");
    late.modem.on("AT+CPIN?", replies);
    late.start();
    late.run();
    CHECK(late.ok);
  }
}

TEST(a_sim_s_words_are_told_apart) {
  const struct {
    const char* line;
    SimState state;
  } cases[] = {
      {"+CPIN: READY", SimState::kReady},
      {"+CPIN: NOT READY", SimState::kBusy},
      {"+CPIN: SIM PIN", SimState::kLocked},
      {"+CPIN: SIM PUK", SimState::kLocked},
      {"+CPIN: PH-NET PIN", SimState::kLocked},
      {"+CPIN: READYX", SimState::kUnknown},
      {"+CME ERROR: 10", SimState::kMissing},
      {"+CME ERROR: SIM not inserted", SimState::kMissing},
      {"+CME ERROR: 11", SimState::kLocked},
      {"+CME ERROR: SIM PUK required", SimState::kLocked},
      {"+CME ERROR: 13", SimState::kFailed},
      {"+CME ERROR: SIM wrong", SimState::kFailed},
      {"+CME ERROR: 14", SimState::kBusy},
      {"+CME ERROR: SIM busy", SimState::kBusy},
      {"+CME ERROR: 140", SimState::kUnknown},
      {"ERROR", SimState::kUnknown},
      {"READY", SimState::kUnknown},
      {"", SimState::kUnknown},
  };
  for (const auto& c : cases) CHECK(parse_sim(c.line) == c.state);
}

TEST(words_of_the_stack_are_compared_whole) {
  CHECK(says_stack_open("+NETOPEN: 0"));
  CHECK(says_stack_open("+IP ERROR: Network is already opened"));
  CHECK(says_stack_open("Network is already opened"));
  for (const char* line : {"+NETOPEN: 01", "+NETOPEN: 0x", "+NETOPEN: 1", "is already opened by x",
                           "+IP ERROR: Network not opened"}) {
    CHECK(!says_stack_open(line));
  }
  CHECK(closes_connection("+IPCLOSE: 0,1"));
  CHECK(closes_connection("+IPCLOSE: 0"));
  for (const char* line : {"+IPCLOSE: 01,1", "+IPCLOSE: 1,0", "+IPCLOSE:", "x+IPCLOSE: 0"}) {
    CHECK(!closes_connection(line));
  }
  CHECK(closes_everything("RDY"));
  CHECK(closes_everything("*ATREADY: 1"));
  CHECK(closes_everything("+NETCLOSE: 0"));
  CHECK(closes_everything("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY"));
  CHECK(!closes_everything("RDYX"));
  CHECK(!closes_everything("+NETCLOSE: 9"));
}

TEST(bringup_switches_off_what_was_left_on_whatever_the_modem_says_to_it) {
  for (const char* reply : {"ERROR\n", "+CME ERROR: 3\n", ""}) {
    BringupRig rig;
    for (const char* command : {"AT+CPSMS=0", "AT+CIPRXGET=0", "AT+CEDRXS=0,5"}) {
      rig.modem.on(command, {reply});
    }
    rig.start();
    rig.run();
    CHECK(rig.ok);
    CHECK_EQ(rig.reports.size(), 24u);
  }
}

// Our last start ended in the middle of a payload: the modem takes every command for a part of it.
TEST(bringup_leads_a_modem_out_of_data_mode_within_seconds) {
  for (std::size_t owed = 1; owed <= AtEngine::kPayloadMax; owed += owed < 40 ? 1 : 71) {
    BringupRig rig;
    rig.modem.owe(owed);
    rig.start();
    rig.run();
    CHECK(rig.ok);
    CHECK(!rig.modem.in_data_mode());
    CHECK(rig.final_report(1).attempt <= 5);
  }
}

TEST(bringup_only_warns_when_the_bands_cannot_be_locked) {
  BringupRig rig;
  rig.modem.on("AT+QCBAND=0,2,4,12,13,66", {"ERROR\n"});
  rig.start();
  rig.run();
  CHECK(rig.ok);
  CHECK(rig.final_report(4).state == StepState::kWarning);
}

TEST(bringup_fails_when_the_modem_does_not_come_back) {
  BringupRig rig;
  rig.modem.on("AT", {"OK\n", ""});
  rig.start();
  rig.run();
  CHECK(!rig.ok);
  CHECK_EQ(rig.last, 6);
  CHECK(rig.now < 40'000);
}

TEST(bringup_restarts_the_modem_once_after_two_minutes_of_searching) {
  BringupRig rig;
  rig.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n"});
  rig.start();
  rig.run(110'000);
  CHECK_EQ(rig.modem.count("AT+CFUN=1,1"), 1);
  rig.run();
  CHECK(!rig.ok);
  CHECK_EQ(rig.last, 7);
  CHECK_EQ(rig.modem.count("AT+CFUN=1,1"), 2);
  CHECK(rig.now > 290'000 && rig.now < 320'000);
}

TEST(bringup_silences_the_echo_of_a_restarted_modem) {
  BringupRig rig;
  rig.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n", "+CEREG: 0,2\nOK\n", "+CEREG: 0,5\nOK\n"});
  rig.start();
  while (rig.modem.count("AT+CEREG?") < 1) rig.run(1);
  rig.modem.echo = true;  // it has restarted on its own
  rig.run();
  CHECK(rig.ok);
  CHECK(!rig.modem.echo);
}

TEST(bringup_waits_for_registration_while_it_searches) {
  BringupRig rig;
  rig.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n", "+CEREG: 0,0\nOK\n", "+CEREG: 0,3\nOK\n",
                             "+CEREG: 0,1\nOK\n"});
  rig.start();
  rig.run();
  CHECK(rig.ok);
  CHECK_EQ(rig.final_report(7).attempt, 4);
}

TEST(bringup_takes_an_already_open_stack) {
  BringupRig rig;
  rig.modem.on("AT+NETOPEN", {"+IP ERROR: Network is already opened\nERROR\n"});
  rig.start();
  rig.run();
  CHECK(rig.ok);
  CHECK_EQ(rig.modem.count("AT+NETOPEN"), 1);
}

TEST(bringup_opens_the_stack_again_after_closing_it) {
  BringupRig rig;
  rig.modem.on("AT+NETOPEN", {"OK\n+NETOPEN: 1\n", "OK\n+NETOPEN: 0\n"});
  rig.start();
  rig.run();
  CHECK(rig.ok);
  CHECK_EQ(rig.modem.count("AT+NETCLOSE"), 2);
}

TEST(bringup_asks_the_contexts_when_the_address_is_empty) {
  BringupRig rig;
  rig.modem.on("AT+IPADDR", {"+IPADDR: \nOK\n"});
  rig.start();
  rig.run();
  CHECK(rig.ok);
  CHECK_EQ(rig.address, "10.9.8.7");
  BringupRig none;
  none.modem.on("AT+IPADDR", {"ERROR\n"});
  none.modem.on("AT+CGDCONT?", {"+CGDCONT: 0,\"IP\",\"hologram\",\"0.0.0.0\",0,0\nOK\n"});
  none.start();
  none.run();
  CHECK(!none.ok);
  CHECK_EQ(none.last, 12);
}

TEST(bringup_can_be_started_again_in_the_middle) {
  BringupRig rig;
  rig.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n"});
  rig.start();
  rig.run(60'000);
  rig.modem.on("AT+CEREG?", {"+CEREG: 0,5\nOK\n"});
  rig.start();
  rig.run();
  CHECK(rig.ok);
  CHECK_EQ(rig.done, 1);
}

TEST(bringup_can_be_started_again_while_the_modem_is_silent) {
  BringupRig rig;
  rig.modem.on("AT", {"", "OK\n"});
  rig.start();
  rig.run(100);
  rig.start();
  rig.run();
  CHECK(rig.ok);
  CHECK_EQ(rig.done, 1);
}

TEST(bringup_tries_again_when_the_echo_cannot_be_switched_off) {
  BringupRig rig;
  rig.modem.on("ATE0", {"OK\n", "ERROR\n", "OK\n"});
  rig.start();
  rig.run();
  CHECK(rig.ok);
  CHECK(rig.modem.count("ATE0") >= 3);
}

TEST(attach_neither_restarts_the_modem_nor_locks_bands) {
  BringupRig rig;
  rig.bringup.start(attach_table(), rig.settings, 0);
  rig.run();
  CHECK(rig.ok);
  CHECK_EQ(rig.modem.count("AT+CFUN=1,1"), 0);
  CHECK_EQ(rig.modem.count("AT+QCBAND=0,2,4,12,13,66"), 0);
  CHECK_EQ(rig.modem.count("AT+NETCLOSE"), 0);
}
