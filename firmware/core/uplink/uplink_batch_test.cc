// Batches through the uplink alone: what an answer settles, and what it leaves in the queue.
#include <functional>
#include <string>
#include <vector>

#include "core/uplink/uplink.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

struct UplinkRig final : AtListener, UplinkObserver {
  FakeModem modem;
  FakeKeyValue kv;
  AtEngine at{modem};
  Tcp tcp{at};
  Endpoint endpoint{"ingest.example.net", 80, "secret"};
  HttpClient http_client{tcp, endpoint};
  WallClock clock;
  ReadingQueue queue;
  Identity identity;
  FakeSystem system;
  Uplink uplink{{http_client, clock, queue, kv, *this, system}, identity, "6.0.0"};
  Millis now = 0;
  std::uint32_t seq = 0;
  std::vector<std::string> settled;  // number, and status
  // The answer to a batch, its letters; may change the queue meanwhile.
  std::function<std::string()> outcomes = [] { return ""; };

  explicit UplinkRig(std::uint32_t capacity) : queue(capacity) {
    FakeBoard board;
    board.give_identity();
    identity.load(board.kv);
    at.set_listener(this);
    modem.echo = false;
    modem.backend = [this](const std::string& request) {
      const std::string ok = R"({"status":"ok","server_time":"2026-01-29T12:01:00Z")";
      if (request.rfind("POST /api/heartbeat", 0) == 0) return http(200, ok + "}");
      if (request.rfind("POST /api/reading ", 0) == 0) return http(400, R"({"error":"no"})");
      return http(201, ok + R"(,"outcomes":")" + outcomes() + "\"}");
    };
    uplink.start();
  }
  void push() {
    Reading reading;
    reading.seq = ++seq;
    reading.start_unix_s = 1769602500 + 300 * static_cast<std::int64_t>(seq);
    queue.push(reading);
  }
  void run_s(int seconds) {
    for (const Millis end = now + static_cast<Millis>(seconds) * 1000; now < end; ++now) {
      modem.next_tick();
      Wake wake(now);
      at.tick(now, wake);
      tcp.tick(now, wake);
      http_client.tick(now, wake);
      uplink.tick(now, true, -80, 0, wake);
    }
  }
  void on_unsolicited(std::string_view line) override { tcp.on_unsolicited(line); }
  void on_received(std::string_view piece) override { tcp.on_received(piece); }
  void on_request_done(std::string_view, const HttpResult&) override {}
  void on_heartbeat(const HeartbeatReport&) override {}
  void on_command(std::string_view, bool) override {}
  void on_reading(const ReadingReport& report) override {
    settled.push_back(std::to_string(report.reading.seq) + ":" + std::to_string(report.status));
  }
  std::string told() const {
    std::string all;
    for (const std::string& one : settled) all += (all.empty() ? "" : " ") + one;
    return all;
  }
};

}  // namespace

TEST(batch_settles_its_readings_in_their_order) {
  UplinkRig rig(8);
  for (int i = 0; i < 4; ++i) rig.push();
  rig.outcomes = [] { return "skrs"; };
  rig.run_s(1);
  CHECK_EQ(rig.told(), "1:201 2:201 3:400 4:201");
  CHECK(rig.queue.empty());
  CHECK_EQ(rig.uplink.sent(), 3u);
  CHECK_EQ(rig.uplink.refused(), 1u);
  CHECK(!rig.uplink.failing());
}

TEST(batch_under_way_while_a_full_queue_drops_its_first_settles_the_others) {
  UplinkRig rig(4);
  for (int i = 0; i < 4; ++i) rig.push();
  rig.outcomes = [&] {
    rig.push(), rig.push();  // 1 and 2 make room for 5 and 6
    rig.outcomes = [] { return "ss"; };
    return "ssss";
  };
  rig.run_s(1);
  CHECK_EQ(rig.told(), "1:201 2:201 3:201 4:201");
  CHECK_EQ(rig.queue.size(), 2u);
  CHECK_EQ(rig.queue.front().seq, 5u);
  rig.run_s(3);
  CHECK_EQ(rig.queue.size(), 0u);
  CHECK_EQ(rig.uplink.sent(), 6u);
}

// An image on trial leaves what it cannot make understood to the one that comes back.
TEST(batch_keeps_from_the_first_refused_on_while_those_are_kept) {
  UplinkRig rig(8);
  rig.uplink.keep_refused(true);
  for (int i = 0; i < 4; ++i) rig.push();
  rig.outcomes = [] { return "srss"; };
  rig.run_s(1);
  CHECK_EQ(rig.told(), "1:201 2:400");
  CHECK_EQ(rig.queue.size(), 3u);
  CHECK_EQ(rig.queue.front().seq, 2u);
  CHECK(rig.uplink.failing());
  rig.run_s(120);
  CHECK_EQ(rig.queue.size(), 3u);
  CHECK_EQ(rig.uplink.refused(), 0u);
}

TEST(batch_letters_that_are_none_leave_their_readings_where_they_are) {
  for (const char* odd : {"ss", "sssss", "", "ssxs", "SSSS", "{}[]"}) {
    UplinkRig rig(8);
    for (int i = 0; i < 4; ++i) rig.push();
    bool is_first = true;
    rig.outcomes = [&]() -> std::string {
      if (!is_first) return "";
      is_first = false;
      return odd;
    };
    rig.uplink.keep_refused(true);  // so that nothing that goes alone is dropped
    rig.run_s(1);
    CHECK_EQ(rig.queue.size(), std::string(odd) == "ssxs" ? 2u : 4u);
  }
}
