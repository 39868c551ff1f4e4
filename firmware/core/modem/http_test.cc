// HTTP responses in pieces, and the client over the scripted modem.
#include "core/modem/http_client.h"
#include "core/modem/http_response.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

void push_in_pieces(HttpResponse& response, const std::string& bytes, std::size_t size) {
  for (std::size_t at = 0; at < bytes.size(); at += size) response.push(bytes.substr(at, size));
}

struct HttpRig final : AtListener, HttpObserver {
  FakeModem modem;
  AtEngine at{modem};
  Tcp tcp{at};
  Endpoint endpoint{"ingest.example.net", 80, "secret"};
  HttpClient http_client{tcp, endpoint};
  int done = 0;
  int status = -1;
  bool connected = false;
  std::string body;
  std::string why;
  Millis now = 0;

  HttpRig() {
    at.set_listener(this);
    modem.echo = false;
  }
  void on_unsolicited(std::string_view line) override { tcp.on_unsolicited(line); }
  void on_received(std::string_view piece) override { tcp.on_received(piece); }
  void on_http_done(const HttpResult& r) override {
    ++done, status = r.status, connected = r.connected, body = std::string(r.body);
    why = std::string(r.why);
  }
  void post(std::string_view json) { CHECK(http_client.post("/api/reading", json, *this, now)); }
  void run(Millis limit = 300'000) {
    for (const Millis end = now + limit; now < end && done == 0; ++now) tick();
  }
  void idle(Millis ms) {
    for (const Millis end = now + ms; now < end; ++now) tick();
  }
  void tick() {
    modem.next_tick();
    Wake wake(now);
    at.tick(now, wake);
    tcp.tick(now, wake);
    http_client.tick(now, wake);
  }
};

}  // namespace

TEST(http_response_is_read_in_pieces_of_any_size) {
  const std::string bytes =
      "HTTP/1.1 201 Created\r\nDate: x\r\ncontent-LENGTH: 15\r\n\r\n{\"status\":\"ok\"}";
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    HttpResponse response;
    push_in_pieces(response, bytes + "surplus", size);
    CHECK(response.done());
    CHECK_EQ(response.status(), 201);
    CHECK_EQ(response.body(), "{\"status\":\"ok\"}");
  }
}

TEST(http_chunks_are_joined) {
  const std::string bytes =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n9\r\n, "
      "world!!\r\n0\r\nTrailer: x\r\n\r\n";
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    HttpResponse response;
    push_in_pieces(response, bytes, size);
    CHECK(response.done());
    CHECK_EQ(response.body(), "hello, world!!");
  }
}

TEST(http_body_without_length_ends_when_the_peer_closes) {
  HttpResponse response;
  response.push("HTTP/1.0 200 OK\r\n\r\nabc");
  CHECK(!response.done());
  CHECK(response.close());
  CHECK_EQ(response.body(), "abc");
}

TEST(http_interim_answers_are_passed_over) {
  HttpResponse response;
  response.push("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
  CHECK(response.done());
  CHECK_EQ(response.status(), 204);
}

TEST(http_what_ends_too_early_is_no_answer) {
  for (const char* bytes :
       {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
    HttpResponse response;
    response.push(bytes);
    CHECK(!response.close());
  }
}

TEST(http_what_is_not_http_is_broken) {
  for (const char* bytes :
       {"hello\r\n", "HTTP/2 200\r\n", "HTTP/1.1 xyz\r\n", "HTTP/1.1 999 X\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000000\r\n"}) {
    HttpResponse response;
    response.push(bytes);
    CHECK(response.broken());
  }
}

TEST(http_bounds_head_and_body) {
  HttpResponse response;
  response.push("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
  response.push(std::string(5000, 'x'));
  CHECK(response.done());
  CHECK(response.body_cut());
  CHECK_EQ(response.body().size(), HttpResponse::kBodyMax);
  HttpResponse endless;
  endless.push("HTTP/1.1 200 OK\r\n");
  for (int i = 0; i < 1000; ++i) endless.push("X-Long: aaaaaaaaaaaaaaaaaaaa\r\n");
  CHECK(endless.broken());
}

TEST(http_every_flipped_byte_is_survived) {
  const std::string good = "HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\nabcd";
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      HttpResponse response;
      response.push(bad);
      response.close();
    }
  }
}

TEST(client_sends_what_units_send_and_reads_the_answer) {
  HttpRig rig;
  rig.modem.backend = [](const std::string&) { return http(201, "{\"status\":\"ok\"}"); };
  rig.post("{\"d\":1}");
  rig.run();
  CHECK_EQ(rig.status, 201);
  CHECK_EQ(rig.body, "{\"status\":\"ok\"}");
  CHECK(rig.connected);
  CHECK_EQ(rig.modem.requests.at(0),
           "POST /api/reading HTTP/1.1\r\nHost: ingest.example.net:80\r\n"
           "Authorization: Bearer secret\r\nContent-Type: application/json\r\n"
           "Content-Length: 7\r\nConnection: close\r\n\r\n{\"d\":1}");
  CHECK(rig.modem.violations.empty());
  CHECK(rig.tcp.closed());
}

TEST(client_reads_answers_in_pieces_between_unsolicited_lines) {
  for (std::size_t ipd = 1; ipd < 60; ipd += 7) {
    for (std::size_t piece = 1; piece < 30; piece += 4) {
      HttpRig rig;
      rig.modem.ipd_size = ipd;
      rig.modem.piece = piece;
      rig.modem.noise = "+CEREG: 5\n+CSCON: 1\n";
      rig.modem.peer_closes = piece % 2 == 0;
      rig.modem.backend = [](const std::string&) { return http(200, "{\"a\":\"OK\r\nERROR\"}"); };
      rig.post("{}");
      rig.run();
      CHECK_EQ(rig.status, 200);
      CHECK_EQ(rig.body, "{\"a\":\"OK\r\nERROR\"}");
    }
  }
}

TEST(client_sends_long_bodies_in_several_pieces) {
  HttpRig rig;
  rig.modem.backend = [](const std::string&) { return http(200, "{}"); };
  const std::string json(1150, 'x');
  rig.post(json);
  rig.run();
  CHECK_EQ(rig.status, 200);
  CHECK(rig.modem.requests.at(0).ends_with(json));
  CHECK(!rig.http_client.post("/x", std::string(HttpClient::kRequestMax, 'x'), rig, rig.now));
}

TEST(client_reports_a_refused_connection) {
  HttpRig rig;
  rig.modem.refuse_connections = true;
  rig.post("{}");
  rig.run();
  CHECK_EQ(rig.status, 0);
  CHECK(!rig.connected);
  CHECK_EQ(rig.why, "+CIPOPEN: 0,4");
  CHECK(rig.tcp.closed());
}

TEST(client_gives_up_on_a_silent_backend) {
  HttpRig rig;
  rig.modem.backend = [](const std::string&) { return std::string(); };
  rig.post("{}");
  rig.run();
  CHECK_EQ(rig.status, 0);
  CHECK(rig.connected);
  CHECK(rig.now >= HttpClient::kAnswerMs && rig.now < HttpClient::kAnswerMs + 2000);
  CHECK(rig.tcp.closed());
}

TEST(client_reports_an_answer_that_ends_too_early) {
  HttpRig rig;
  rig.modem.backend = [](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc");
  };
  rig.post("{}");
  rig.run();
  CHECK_EQ(rig.status, 0);
  CHECK_EQ(rig.why, "the connection closed before the answer was complete");
}

TEST(client_reports_an_answer_that_is_not_http) {
  HttpRig rig;
  rig.modem.backend = [](const std::string&) { return std::string("SSH-2.0-x\r\n"); };
  rig.post("{}");
  rig.run();
  CHECK_EQ(rig.status, 0);
  CHECK_EQ(rig.why, "the answer is not HTTP");
}

TEST(client_reports_a_request_that_the_modem_does_not_send) {
  HttpRig rig;
  rig.modem.fail_payload = true;
  rig.post("{}");
  rig.run();
  CHECK_EQ(rig.status, 0);
  CHECK(rig.connected);
  CHECK(rig.tcp.closed());
}

TEST(client_survives_a_stack_that_closes_under_it) {
  HttpRig rig;
  rig.modem.peer_closes = false;
  rig.modem.backend = [](const std::string&) { return std::string(); };
  rig.post("{}");
  rig.run(1000);
  rig.modem.say("+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\n");
  rig.run(1000);
  CHECK_EQ(rig.done, 1);
  CHECK_EQ(rig.status, 0);
}

TEST(client_can_be_used_again) {
  HttpRig rig;
  rig.modem.backend = [](const std::string&) { return http(200, "{}"); };
  for (int i = 1; i <= 3; ++i) {
    rig.modem.peer_closes = i != 2;
    rig.done = 0;
    rig.post("{}");
    rig.run();
    CHECK_EQ(rig.status, 200);
  }
  CHECK_EQ(rig.modem.requests.size(), 3u);
}

TEST(client_takes_an_answer_that_overtakes_the_words_about_sending) {
  for (const bool closes : {false, true}) {
    for (std::size_t piece = 0; piece < 40; piece += 3) {
      HttpRig rig;
      rig.modem.answers_early = true;
      rig.modem.peer_closes = closes;
      rig.modem.piece = piece;
      rig.modem.noise = "+CEREG: 5\n";
      rig.modem.backend = [](const std::string&) { return http(201, "{\"status\":\"ok\"}"); };
      rig.post("{\"d\":1}");
      rig.run();
      CHECK_EQ(rig.status, 201);
      CHECK_EQ(rig.body, "{\"status\":\"ok\"}");
      CHECK(rig.tcp.closed());
    }
  }
}

// The stack goes away at any moment of a request: it ends once, in time, and the next one works.
TEST(client_ends_once_whenever_the_stack_goes_away) {
  for (Millis when = 0; when < 30; ++when) {
    for (const char* words : {"+NETCLOSE: 0\n", "+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\n",
                              "+IPCLOSE: 0,1\n", "+CEREG: 2\n"}) {
      HttpRig rig;
      rig.modem.piece = 20;
      rig.modem.backend = [](const std::string&) { return http(200, "{}"); };
      rig.post("{}");
      rig.run(when);
      rig.modem.say(words);
      rig.run();
      CHECK_EQ(rig.done, 1);
      CHECK(rig.tcp.closed());
      rig.idle(50);  // the words may have come behind the answer
      rig.done = 0;
      rig.post("{}");
      rig.run();
      CHECK_EQ(rig.status, 200);
    }
  }
}

TEST(client_survives_a_modem_that_swallows_everything) {
  HttpRig rig;
  rig.modem.mute = true;
  rig.post("{}");
  rig.run();
  CHECK_EQ(rig.done, 1);
  CHECK_EQ(rig.status, 0);
  CHECK(!rig.connected);
  CHECK(rig.now < HttpClient::kLimitMs + 15'000);
  CHECK(!rig.http_client.busy() && rig.tcp.closed());
}

namespace {
struct Read {
  Read(const std::string& text, std::size_t piece) {
    for (std::size_t at = 0; at < text.size(); at += piece) response.push(text.substr(at, piece));
  }
  HttpResponse response;
};
}  // namespace

// RFC 9112 6.3: where a body ends, whatever the headers say besides; split in every place.
TEST(http_framing_follows_the_rules_for_every_split) {
  const struct {
    const char* text;
    int status;
    const char* body;
  } cases[] = {
      {"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", 304, ""},
      {"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", 204, ""},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 120\r\n\r\n", 304, ""},
      {"HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n\r\n"
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}",
       201, "{}"},
      {"HTTP/1.1 200 OK\r\ncontent-length:  2, 2\r\nContent-Length: 002\r\n\r\n{}", 200, "{}"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\ntransfer-encoding: gzip, Chunked\r\n\r\n"
       "2\r\n{}\r\n0\r\n\r\n",
       200, "{}"},
      {"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n"
       "000000001;name=\"a;b\"\r\n{\r\n1 \r\n}\r\n00000000\r\nX-Sum: 1\r\nY: 2\r\n\r\n",
       200, "{}"},
      {"HTTP/1.1 200 OK\nContent-Length: 2\nX: a\n Content-Length: 7\n\n{}", 200, "{}"},
      {"\r\nHTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, ""},
      {"HTTP/1.9 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}"},
      // a line that begins with a blank goes on with the one before it
      {"HTTP/1.1 200 OK\r\nContent-Length:\r\n 2\r\n\r\n{}", 200, "{}"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2,\r\n\t2\r\n \t\r\n\r\n{}", 200, "{}"},
      {"HTTP/1.1 200 OK\nTransfer-Encoding: gzip,\n chunked\n\n2\n{}\n0\nX: 1\n \n\n", 200, "{}"},
      {"HTTP/1.1 200 OK\r\n Content-Length: 7\r\n\tX: 1\r\nContent-Length: 2\r\n\r\n{}", 200, "{}"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0000000000000000000000002\r\n\r\n{}", 200, "{}"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: , chunked, ,\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200, "{}"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
       "A;x=\"1;2\";y\r\n0123456789\r\n0;z\r\n\r\n",
       200, "0123456789"},
  };
  for (const auto& c : cases) {
    const std::string text = c.text;
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
      const Read read(text, piece);
      const HttpResponse& response = read.response;
      CHECK(response.done());
      CHECK_EQ(response.status(), c.status);
      CHECK_EQ(response.body(), c.body);
    }
    // one byte less is not the end of it
    CHECK(!Read(text.substr(0, text.size() - 1), 3).response.done());
  }
}

TEST(http_that_contradicts_itself_is_refused) {
  for (const char* text : {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                           "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\n{}",
                           "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}",
                           "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
                           "HTTP/1.1 200 OK\r\nContent-Length: 2 3\r\n\r\n{}",
                           "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n{}",
                           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length:\r\n\r\n{}",
                           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n 3\r\n\r\n{}",
                           "HTTP/1. 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                           "HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\n{}",
                           "HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}",
                           "HTTP/1.1 +20 OK\r\nContent-Length: 2\r\n\r\n{}"}) {
    CHECK(Read(text, 1).response.broken());
  }
}

// Its end, which is not kept, would say where the body ends; of other headers that is nothing.
TEST(a_header_too_long_to_keep_is_refused_where_it_frames_the_body) {
  const std::string blanks(300, ' ');
  const std::string end = "\r\nContent-Length: 2\r\n\r\n{}";
  const std::string begin = "HTTP/1.1 200 OK\r\n";
  CHECK(Read(begin + "Transfer-Encoding:" + blanks + "chunked" + end, 9).response.broken());
  CHECK(Read(begin + "X:" + blanks + "1" + end, 9).response.done());
}

TEST(a_coding_that_cannot_be_read_ends_with_the_connection) {
  Read read("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: gzip\r\n\r\nabc", 4);
  HttpResponse& response = read.response;
  CHECK(!response.done());
  CHECK(response.close());
  CHECK_EQ(response.body(), "abc");
}

TEST(the_length_that_the_modem_confirms_is_read) {
  for (const char* taken : {"512", "0", "-1", "", "x", "512,1"}) {
    HttpRig rig;
    rig.modem.payload_taken = taken;
    const bool lost = *taken != 0;
    rig.modem.backend = [](const std::string&) { return http(201, "{}"); };
    rig.post("{\"d\":\"" + std::string(900, 'x') + "\"}");
    rig.run();
    CHECK_EQ(rig.done, 1);
    CHECK_EQ(rig.status, lost ? 0 : 201);
    CHECK(rig.now < 5'000);
    if (lost) CHECK(contains(rig.why, std::string(",") + taken));
    CHECK(rig.tcp.closed());
  }
}

// The modem waits for the payload and takes everything for it; the payload is never a command.
TEST(a_lost_prompt_holds_the_unit_for_seconds_whatever_the_length) {
  for (std::size_t size = 1; size < 1'100; size += 97) {
    HttpRig rig;
    rig.modem.lost_prompts = 1;
    rig.modem.backend = [](const std::string&) { return http(201, "{}"); };
    rig.post("{\"d\":\"" + std::string(size, 'x') + "\"}");
    rig.run();
    CHECK_EQ(rig.status, 0);
    CHECK(rig.now < 20'000);
    CHECK(!rig.modem.in_data_mode());
    for (const std::string& command : rig.modem.commands) CHECK(starts_with(command, "AT"));
    rig.done = 0;
    rig.post("{}");
    rig.run();
    CHECK_EQ(rig.status, 201);
    CHECK(rig.now < 25'000);
  }
}

TEST(a_modem_that_restarts_in_the_middle_ends_the_request_at_once_with_its_words) {
  const struct {
    const char* words;
    const char* why;
  } cases[] = {
      {"RDY\n+CFUN: 1\n+CPIN: READY\nSMS Ready\n", "RDY in place of +CIPSEND or +CIPERROR"},
      {"*ATREADY: 1\n", "*ATREADY: 1 in place of +CIPSEND or +CIPERROR"},
      {"NORMAL POWER DOWN\n", "NORMAL POWER DOWN in place of +CIPSEND or +CIPERROR"},
      {"SEND FAIL\n", "SEND FAIL"},
      {"CLOSED\n", "CLOSED"},
      {"0, CLOSED\n", "0, CLOSED"},
      {"+CIPERROR: 3\nERROR\n", "+CIPERROR: 3"},
      {"+CIPERROR: 3\n", "+CIPERROR: 3"},
      {"+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\nERROR\n",
       "+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY"}};
  for (const auto& c : cases) {
    HttpRig rig;
    rig.modem.words_for_payload = c.words;
    rig.post("{}");
    rig.run();
    CHECK_EQ(rig.done, 1);
    CHECK(rig.now < 1'000);
    CHECK_EQ(rig.why, c.why);
  }
}

// A modem in data mode since before: nothing is taken for commands, and it is out within seconds.
TEST(a_close_without_an_answer_leads_out_of_data_mode) {
  HttpRig rig;
  rig.modem.backend = [](const std::string&) { return std::string(); };
  rig.post("{}");
  rig.idle(1'000);
  rig.modem.owe(700);
  rig.run();
  CHECK_EQ(rig.done, 1);
  rig.idle(20'000);
  CHECK(!rig.modem.in_data_mode());
  CHECK(rig.tcp.closed());
}
