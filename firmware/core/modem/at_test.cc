// The AT engine against a scripted modem: echo, pieces, unsolicited lines, prompts, time-outs.
#include "core/modem/at_engine.h"
#include "core/modem/commands.h"
#include "host/fake_modem.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

struct AtRig final : AtCaller, AtListener {
  FakeModem modem;
  AtEngine at{modem};
  int done = 0;
  AtOutcome outcome = AtOutcome::kTimeout;
  std::vector<std::string> lines;
  std::vector<std::string> unsolicited;
  std::string received;
  Millis now = 0;

  AtRig() { at.set_listener(this); }
  void on_at_done(AtOutcome o) override { ++done, outcome = o; }
  void on_at_line(std::string_view line) override { lines.emplace_back(line); }
  void on_unsolicited(std::string_view line) override { unsolicited.emplace_back(line); }
  void on_received(std::string_view piece) override { received += piece; }

  void run(Millis ms) {
    for (const Millis end = now + ms; now < end; ++now) {
      modem.next_tick();
      Wake wake(now);
      at.tick(now, wake);
    }
  }
  bool ask(const char* text, const char* answer = "", bool required = false) {
    AtRequest request;
    request.text = text;
    request.answer = answer;
    request.answer_required = required;
    return at.start(request, *this, now);
  }
};

}  // namespace

TEST(at_command_ends_with_ok) {
  AtRig rig;
  CHECK(rig.ask("AT+CSQ", "+CSQ:"));
  CHECK(!rig.ask("AT"));  // one at a time
  rig.run(10);
  CHECK_EQ(rig.done, 1);
  CHECK(rig.outcome == AtOutcome::kOk);
  CHECK_EQ(rig.at.answers(), "+CSQ: 18,99");
  CHECK_EQ(rig.at.said(), "+CSQ: 18,99");
  CHECK_EQ(rig.at.final_line(), "OK");
  CHECK(rig.at.echo_seen());
}

TEST(at_errors_keep_the_modems_words) {
  AtRig rig;
  rig.modem.on("AT+CPIN?", {"+CME ERROR: SIM not inserted\n"});
  rig.ask("AT+CPIN?", "+CPIN:");
  rig.run(10);
  CHECK(rig.outcome == AtOutcome::kError);
  CHECK_EQ(rig.at.said(), "+CME ERROR: SIM not inserted");
  rig.modem.on("AT+NETOPEN", {"+IP ERROR: Network is already opened\nERROR\n"});
  rig.ask("AT+NETOPEN", "+NETOPEN:", true);
  rig.run(10);
  CHECK(rig.outcome == AtOutcome::kError);
  CHECK_EQ(rig.at.said(), "+IP ERROR: Network is already opened");
}

TEST(at_waits_for_a_required_answer_before_or_after_ok) {
  for (const char* reply : {"OK\n+NETOPEN: 0\n", "+NETOPEN: 0\nOK\n"}) {
    AtRig rig;
    rig.modem.on("AT+NETOPEN", {reply});
    rig.ask("AT+NETOPEN", "+NETOPEN:", true);
    rig.run(10);
    CHECK_EQ(rig.done, 1);
    CHECK(rig.outcome == AtOutcome::kOk);
    CHECK_EQ(rig.at.answers(), "+NETOPEN: 0");
  }
}

TEST(at_times_out_in_silence) {
  AtRig rig;
  rig.modem.on("AT", {""});
  rig.modem.echo = false;
  rig.ask("AT");
  rig.run(999);
  CHECK_EQ(rig.done, 0);
  rig.run(5);
  CHECK_EQ(rig.done, 1);
  CHECK(rig.outcome == AtOutcome::kTimeout);
  CHECK(rig.at.said().empty());
}

TEST(at_replies_arrive_in_pieces_of_any_size_among_unsolicited_lines) {
  for (std::size_t piece = 1; piece < 40; ++piece) {
    AtRig rig;
    rig.modem.piece = piece;
    rig.modem.noise = "+CEREG: 5,\"1A2B\",\"01C3D405\",9\n+CSCON: 1\n";
    rig.ask("AT+CSQ", "+CSQ:");
    rig.run(400);
    CHECK_EQ(rig.done, 1);
    CHECK(rig.outcome == AtOutcome::kOk);
    CHECK_EQ(rig.at.answers(), "+CSQ: 18,99");
    CHECK_EQ(rig.at.said(), "+CSQ: 18,99");
    CHECK_EQ(rig.unsolicited.size(), 4u);
    CHECK_EQ(rig.lines.size(), 6u);
  }
}

// A blank behind colon and comma is the modem's to leave out or to add.
TEST(at_blanks_in_an_answer_are_free) {
  for (const char* line : {"+CIPOPEN: 0,0", "+CIPOPEN:0,0", "+CIPOPEN: 0, 0", "+CIPOPEN:  0 ,0"}) {
    CHECK(says_connected(line));
  }
  for (const char* line : {"+CIPOPEN: 0,4", "+CIPOPEN: 1,0", "+CIPOPEN: 0", "+CIPOPEN: 0,00", ""}) {
    CHECK(!says_connected(line));
  }
  CHECK(answers_with("+CIPSEND:0, 5,5", "+CIPSEND: 0,"));
  CHECK(!answers_with("+CIPSEND: 1,5,5", "+CIPSEND: 0,"));
  CHECK(!answers_with("+CIPSEND:", "+CIPSEND: 0,"));
  CHECK(says_stack_open("+NETOPEN:0"));
  CHECK(!says_stack_open("+NETOPEN: 1"));
}

// What nobody knows of is still no word about the command: it must not hide its last words.
TEST(at_lines_of_other_commands_are_not_its_words) {
  for (const char* noise : {"+CTZE: \"+04\",0,\"2026/11/30,02:00:00\"\n", "+CMTI: \"SM\",1\n",
                            "+CREG: 5\n", "*MGCOUNT: 1\n", "^NEW: 1\n", "RING\n", "Call Ready\n"}) {
    AtRig rig;
    rig.modem.noise = noise;
    rig.modem.on("AT+NETOPEN", {"+IP ERROR: Network is already opened\nERROR\n"});
    rig.ask("AT+NETOPEN", "+NETOPEN:", true);
    rig.run(10);
    CHECK(rig.outcome == AtOutcome::kError);
    CHECK_EQ(rig.at.said(), "+IP ERROR: Network is already opened");
    CHECK_EQ(rig.unsolicited.size(), 2u);
  }
  CHECK(!speaks_of_another("+CSQ: 1,2", "AT+CSQ"));
  CHECK(!speaks_of_another("+CGDCONT: 0", "AT+CGDCONT?"));
  CHECK(!speaks_of_another("+CIPOPEN: 0,0", "AT+CIPOPEN=0,\"TCP\",\"h\",80"));
  CHECK(!speaks_of_another("+NEW ERROR: 5", "AT+CSQ"));
  CHECK(!speaks_of_another("SIM7028", "ATI"));
  CHECK(!speaks_of_another("+CSQ: 1,2", ""));
  CHECK(speaks_of_another("+CSQN: 1,2", "AT+CSQ"));
}

// A message may be sent to any SIM, a broadcast to all of them.
TEST(at_the_text_of_a_message_is_no_answer) {
  for (const char* noise :
       {"+CMT: \"+15550100\",,\"26/11/30,02:00:00+00\"\nERROR\n", "+CBM: 88\nOK\n",
        "+CDS: 25\nRDY\n", "+CDS: 6,1,\"+15550100\",145,,,0\n", "+CMTI: \"SM\",3\n"}) {
    for (std::size_t piece = 1; piece < 20; piece += 3) {
      AtRig rig;
      rig.modem.noise = noise;
      rig.modem.piece = piece;
      rig.ask("AT+CSQ", "+CSQ:");
      rig.run(400);
      CHECK_EQ(rig.done, 1);
      CHECK(rig.outcome == AtOutcome::kOk);
      CHECK_EQ(rig.at.said(), "+CSQ: 18,99");
      CHECK_EQ(rig.at.answers(), "+CSQ: 18,99");
    }
  }
}

// A line that wakes up brings bytes that nobody sent; some firmware pads its lines.
TEST(at_noise_around_the_words_is_no_part_of_them) {
  for (const char* words :
       {"OK  \n", "\xff\xfeOK\n", "\x01OK\t\n", "ok\n", "  OK\n", "\x80\n\xffOK \n"}) {
    AtRig rig;
    rig.modem.on("AT+CSQ", {std::string("+CSQ: 18,99 \n") + words});
    rig.ask("AT+CSQ", "+CSQ:");
    rig.run(10);
    CHECK_EQ(rig.done, 1);
    CHECK(rig.outcome == AtOutcome::kOk);
    CHECK_EQ(rig.at.said(), "+CSQ: 18,99");
  }
  AtRig rig;
  rig.modem.on("AT+CSQ", {"error \n"});
  rig.ask("AT+CSQ", "+CSQ:");
  rig.run(10);
  CHECK(rig.outcome == AtOutcome::kError);
}

// A modem that restarts in the middle of received data never sends the rest of it.
TEST(at_data_that_stops_coming_does_not_swallow_the_next_words) {
  AtRig rig;
  rig.modem.echo = false;
  rig.modem.say("+IPD1400\nHTTP/1.1 201 Created\n");
  rig.run(static_cast<int>(AtEngine::kDataPauseMs) - 100);
  rig.modem.say("more\n");  // within the pause: still data
  rig.run(static_cast<int>(AtEngine::kDataPauseMs) + 10);
  CHECK(contains(rig.received, "more"));
  rig.modem.say("RDY\n");
  rig.run(10);
  CHECK_EQ(rig.unsolicited.back(), "RDY");
  rig.ask("AT+CSQ", "+CSQ:");
  rig.run(10);
  CHECK(rig.outcome == AtOutcome::kOk);
  CHECK_EQ(rig.at.said(), "+CSQ: 18,99");
}

TEST(at_a_lost_ok_is_not_waited_for_when_the_answer_has_come) {
  AtRig rig;
  rig.modem.on("AT+NETOPEN", {"+NETOPEN: 0\n"});
  AtRequest request;
  request.text = "AT+NETOPEN";
  request.answer = "+NETOPEN:";
  request.answer_required = true;
  request.timeout_ms = 60'000;
  rig.at.start(request, rig, rig.now);
  rig.run(1'000);
  CHECK_EQ(rig.done, 0);
  rig.run(1'100);
  CHECK_EQ(rig.done, 1);
  CHECK(rig.outcome == AtOutcome::kOk);
}

TEST(at_a_modem_that_switches_itself_off_ends_the_command) {
  AtRig rig;
  rig.modem.on("AT+CSQ", {"UNDER-VOLTAGE WARNING\n", "UNDER-VOLTAGE POWER DOWN\n"});
  rig.ask("AT+CSQ", "+CSQ:");
  rig.run(500);
  CHECK_EQ(rig.done, 0);
  rig.run(600);  // its time-out
  rig.ask("AT+CSQ", "+CSQ:");
  rig.run(10);
  CHECK_EQ(rig.done, 2);
  CHECK(rig.outcome == AtOutcome::kError);
  CHECK_EQ(rig.at.said(), "UNDER-VOLTAGE POWER DOWN");
}

TEST(the_sim_is_told_by_its_words_in_all_their_kinds) {
  const struct {
    SimState state;
    std::vector<const char*> lines;
  } cases[] = {
      {SimState::kReady, {"+CPIN: READY", "+CPIN:READY", "+CPIN: \"READY\"", "+CPIN: ready"}},
      {SimState::kBusy,
       {"+CPIN: NOT READY", "+CPIN: SIM BUSY", "+CME ERROR: 14", "+CME ERROR: sim busy"}},
      {SimState::kMissing, {"+CPIN: NOT INSERTED", "+CPIN: SIM REMOVED", "+CME ERROR: 10"}},
      {SimState::kLocked,
       {"+CPIN: SIM PIN", "+CPIN: SIM PUK", "+CPIN: PH-NET PIN", "+CPIN: PH-CORP PUK",
        "+CPIN: SIM PUK2", "+CME ERROR: 5", "+CME ERROR: 47", "+CME ERROR:11",
        "+CME ERROR: network personalization PIN required"}},
      {SimState::kFailed, {"+CME ERROR: SIM failure", "+CME ERROR: 15", "+CPIN: SIM FAILURE"}},
      {SimState::kUnknown,
       {"+CPIN: ", "+CPIN: PIN", "+CPIN: UNKNOWN", "+CME ERROR: 100", "OK", ""}},
  };
  for (const auto& c : cases) {
    for (const char* line : c.lines) CHECK(parse_sim(line) == c.state);
  }
}

TEST(at_data_may_hold_anything_and_come_in_pieces) {
  const std::string data = std::string("OK\r\nERROR\r\n+IPD3\r\n>\0\x1e", 22) + "\r\n";
  for (std::size_t piece = 1; piece < 40; ++piece) {
    AtRig rig;
    rig.modem.piece = piece;
    rig.modem.on("AT+X", {""});
    rig.ask("AT+X");
    rig.run(50);
    // Straight into the stream: the fake's replies are lines, this is not.
    AtSplitter splitter;
    std::string stream = "\r\n+IPD" + std::to_string(data.size()) + "\r\n" + data + "\r\nOK\r\n";
    std::string got;
    std::vector<std::string> lines;
    for (const char byte : stream) {
      const auto event = splitter.push(byte);
      if (event == AtSplitter::Event::kData) got += byte;
      if (event == AtSplitter::Event::kLine) lines.emplace_back(splitter.line());
    }
    CHECK_EQ(got, data);
    CHECK_EQ(lines.size(), 2u);
    CHECK_EQ(lines.back(), "OK");
  }
}

TEST(at_impossible_data_lengths_are_lines) {
  AtSplitter splitter;
  for (const char* length : {"0", "99999", "x", "-5"}) {
    int lines = 0;
    for (const char c : "\r\n+IPD" + std::string(length) + "\r\n") {
      lines += splitter.push(c) == AtSplitter::Event::kLine;
    }
    CHECK_EQ(lines, 1);
    CHECK(splitter.push('x') == AtSplitter::Event::kNone);
    splitter.push('\n');
  }
}

TEST(at_long_lines_are_cut_and_survived) {
  AtSplitter splitter;
  for (int i = 0; i < 5000; ++i) splitter.push('x');
  CHECK(splitter.push('\r') == AtSplitter::Event::kLine);
  CHECK_EQ(splitter.line().size(), AtSplitter::kLineMax);
}

TEST(at_prompt_takes_the_payload) {
  AtRig rig;
  rig.modem.backend = [](const std::string&) { return std::string(); };
  rig.ask("AT+CIPOPEN=0,\"TCP\",\"h\",80", "+CIPOPEN: 0,", true);
  rig.run(10);
  AtRequest request;
  request.text = "AT+CIPSEND=0,5";
  request.payload = "a\r\n>b";
  request.answer = "+CIPSEND: 0,";
  request.answer_required = true;
  rig.at.start(request, rig, rig.now);
  rig.run(10);
  CHECK_EQ(rig.done, 2);
  CHECK(rig.outcome == AtOutcome::kOk);
  CHECK_EQ(rig.at.answers(), "+CIPSEND: 0,5,5");
  CHECK(rig.modem.violations.empty());
}

TEST(at_console_may_end_at_the_prompt) {
  AtRig rig;
  AtRequest request;
  request.text = "AT+CIPSEND=0,2";
  request.ends_at_prompt = true;
  rig.at.start(request, rig, rig.now);
  rig.run(10);
  CHECK(rig.outcome == AtOutcome::kPrompt);
  CHECK_EQ(rig.at.final_line(), ">");
  CHECK(rig.at.start_raw("hi", 1000, rig, rig.now));
  rig.run(10);
  CHECK(rig.outcome == AtOutcome::kOk);
}

TEST(registration_answers_differ_from_unsolicited_lines) {
  struct Case {
    const char* line;
    int answer;
    int unsolicited;
  };
  const Case cases[] = {{"+CEREG: 0,5", 5, -1},
                        {"+CEREG: 2,1,\"1A2B\",\"01C3D405\",9", 1, -1},
                        {"+CEREG: 5", -1, 5},
                        {"+CEREG: 1,\"1A2B\",\"01C3D405\",9", -1, 1},
                        {"+CEREG: ", -1, -1},
                        // 3GPP TS 27.007 10.1.22, every n with and without its optional fields
                        {"+CEREG:0,0", 0, -1},
                        {"+CEREG: 1, 5", 5, -1},
                        {"+CEREG: 2,2", 2, -1},
                        {"+CEREG: 2,5,\"1A2B\",\"01C3D405\"", 5, -1},
                        {"+CEREG: 3,3,,,,0,15", 3, -1},
                        {"+CEREG: 4,5,\"1A2B\",\"01C3D405\",9,,,\"00100100\",\"01000111\"", 5, -1},
                        {"+CEREG: 5,1,\"1A2B\",\"01C3D405\",9,0,0,\"00100100\",\"01\"", 1, -1},
                        {"+CEREG: 0,11", 11, -1},
                        {"+CEREG: 11", -1, 11},
                        {"+CEREG: 2,,,,0,15", -1, 2},
                        {"+CEREG: 3,\"1A2B\",\"01C3D405\",,0,15", -1, 3},
                        {"+CEREG: 5,1A2B,01C3D405,9", -1, 5},
                        {"+CEREG: 0,123", -1, 0},
                        {"+CSQ: 1,5", -1, -1}};
  for (const Case& c : cases) {
    CHECK_EQ(parse_registration(c.line, false).value_or(-1), c.answer);
    CHECK_EQ(parse_registration(c.line, true).value_or(-1), c.unsolicited);
  }
}

TEST(an_answer_on_registration_counts_before_what_was_said_unasked) {
  CHECK_EQ(registration_in("+CEREG: 2\n+CEREG: 0,2\n+CEREG: 0,5\n+CEREG: 2").value_or(-1), 5);
  CHECK_EQ(registration_in("+CEREG: 2\n+CEREG: 5,\"1A2B\",\"01C3D405\",9").value_or(-1), 5);
  CHECK(!registration_in("+CEREG: x"));
}

TEST(signal_and_address_are_read) {
  CHECK_EQ(parse_signal("+CSQ:31, 0").value_or(0), -51);
  CHECK(!parse_signal("+CSQ: 32,99"));
  CHECK(!parse_signal("+CSQ: 199,99"));
  CHECK_EQ(parse_address("+IPADDR: ::"), "");
  CHECK_EQ(parse_address("+CGDCONT: 0,\"IPV6\",\"hologram\",\"0:0:0:0:0:0:0:0\",0,0"), "");
  CHECK_EQ(parse_address("+CGDCONT: 0,\"IPV6\",\"hologram\",\"2001:db8::1\",0,0"), "2001:db8::1");
  CHECK_EQ(parse_signal("+CSQ: 18,99").value_or(0), -77);
  CHECK_EQ(parse_signal("+CSQ: 0,0").value_or(0), -113);
  CHECK(!parse_signal("+CSQ: 99,99"));
  CHECK(!parse_signal("+CSQ:"));
  CHECK_EQ(parse_address("+IPADDR: 10.1.2.3"), "10.1.2.3");
  CHECK_EQ(parse_address("+IPADDR: "), "");
  CHECK_EQ(parse_address("+IPADDR: 0.0.0.0"), "");
  CHECK_EQ(parse_address("+CGDCONT: 0,\"IP\",\"hologram\",\"10.9.8.7\",0,0"), "10.9.8.7");
  CHECK_EQ(parse_address("+CGDCONT: 1,\"IP\",\"hologram\",\"10.9.8.7\",0,0"), "");
  CHECK_EQ(parse_address("+CGDCONT: 0,\"IP\",\"hologram\",\"\",0,0"), "");
  CHECK_EQ(parse_address("+CGDCONT: 0"), "");
}

// Some firmware of the modem echoes what follows the prompt. It holds the token, so that it must be
// nobody's last words, not even when the command fails.
TEST(at_echoed_payload_is_nobodys_words) {
  for (const bool fails : {false, true}) {
    AtRig rig;
    rig.modem.backend = [](const std::string&) { return std::string(); };
    rig.modem.echo_payload = true;
    rig.ask("AT+CIPOPEN=0,\"TCP\",\"h\",80", "+CIPOPEN: 0,", true);
    rig.run(10);
    const std::string payload =
        "POST / HTTP/1.1\r\nAuthorization: Bearer s3cr3t-OK\r\n\r\n" + std::string(400, 'x');
    const std::string text = "AT+CIPSEND=0," + std::to_string(payload.size());
    AtRequest request;
    request.text = text;
    request.payload = payload;
    request.answer = "+CIPSEND: 0,";
    request.answer_required = true;
    rig.modem.fail_payload = fails;
    rig.at.start(request, rig, rig.now);
    rig.run(20);
    CHECK_EQ(rig.done, 2);
    CHECK(rig.outcome == (fails ? AtOutcome::kError : AtOutcome::kOk));
    CHECK(!contains(rig.at.said(), "s3cr3t") && !contains(rig.at.answers(), "s3cr3t"));
    for (const std::string& line : rig.lines) CHECK(!contains(line, "s3cr3t"));
  }
}
