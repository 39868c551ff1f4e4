// The provisioning program on a fake board: starts by itself, keeps the proof, repeats itself.
#include "apps/provisioning/provisioning_app.h"

#include <memory>

#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {
struct Bench {
  FakeBoard board;
  std::unique_ptr<ProvisioningApp> app;
  Bench() {
    app = std::make_unique<ProvisioningApp>(board.ports());
    app->start();
  }
  void run(Millis ms) { board.run(*app, ms); }
  bool has(const char* text) const { return board.console.has(text); }
};
}  // namespace

TEST(provisioning_starts_by_itself_and_keeps_the_proof) {
  Bench bench;
  bench.run(2900);
  CHECK(bench.board.modem.commands.empty());
  CHECK(bench.has(R"("ev":"boot")"));
  bench.run(60000);
  CHECK(bench.has(R"("ev":"bringup_done")"));
  CHECK(bench.has(R"("ok":true,"step":12,"address":"10.1.2.3")"));
  CHECK_EQ(bench.board.kv.state["cellular_ok"], "1");
  CHECK(bench.has(R"("pattern":"connected")"));
}

TEST(provisioning_starts_at_once_when_asked) {
  Bench bench;
  bench.board.console.send(R"({"id":1,"cmd":"provision"})");
  bench.run(500);
  CHECK(!bench.board.modem.commands.empty());
  CHECK(bench.has(R"("re":1,"ok":true)"));
}

TEST(provisioning_repeats_what_happened_and_starts_again_on_demand) {
  Bench bench;
  bench.run(60000);
  bench.board.console.to_bench.clear();
  const auto commands = bench.board.modem.commands.size();
  bench.board.console.send(R"({"id":1,"cmd":"provision"})");
  bench.run(500);
  CHECK(bench.has(R"("step":1,"state":"ok")"));
  CHECK(bench.has(R"("step":12,"state":"ok")"));
  CHECK(bench.has(R"("ev":"bringup_done")"));
  CHECK_EQ(bench.board.modem.commands.size(), commands);
  bench.board.console.send(R"({"id":2,"cmd":"provision","restart":true})");
  bench.run(60000);
  CHECK_EQ(bench.board.modem.commands.size(), 2 * commands);
}

TEST(provisioning_failure_leaves_no_proof) {
  Bench bench;
  bench.board.modem.on("AT+CPIN?", {"+CME ERROR: SIM not inserted\n"});
  bench.run(60000);
  CHECK(bench.has(R"("said":"+CME ERROR: SIM not inserted")"));
  CHECK(bench.has(R"("ok":false,"step":3)"));
  CHECK(bench.has(R"("pattern":"failed")"));
  CHECK(bench.board.kv.state.empty());
}

TEST(provisioning_declines_what_it_cannot_do) {
  Bench bench;
  bench.board.console.send(R"({"id":1,"cmd":"send"})");
  bench.board.console.send(R"({"id":2,"cmd":"live","on":true})");
  bench.run(100);
  CHECK(bench.has(R"("re":1,"ok":false)"));
  CHECK(bench.has(R"("re":2,"ok":false)"));
}
