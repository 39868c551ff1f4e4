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
                        {"+CSQ: 1,5", -1, -1}};
  for (const Case& c : cases) {
    CHECK_EQ(parse_registration(c.line, false).value_or(-1), c.answer);
    CHECK_EQ(parse_registration(c.line, true).value_or(-1), c.unsolicited);
  }
}

TEST(signal_and_address_are_read) {
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
    const std::string payload = "POST / HTTP/1.1\r\nAuthorization: Bearer s3cr3t-OK\r\n\r\n" +
                                std::string(400, 'x');
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
