// The provisioning program's bring-up: when it starts, what bench and light learn, what it keeps.
#include "core/provisioning/provisioning_run.h"

#include <memory>
#include <utility>

#include "core/provisioning/cellular_proof.h"
#include "host/fake_ports.h"
#include "host/test.h"

namespace jambox::provisioning_run_test {

using namespace jambox::test;

struct Rig final : LedObserver, AtListener {
  FakeModem modem;
  FakeConsole console;
  FakeKeyValue kv;
  FakeLed light;
  ConsoleStream stream{console};
  Events events{stream};
  Led led{light, *this};
  AtEngine at{modem};
  ModemSettings settings;
  ProvisioningRun provisioning{{at, events, led, kv}};
  Millis now = 0;

  Rig() {
    at.set_listener(this);
    provisioning.start(settings);
  }
  void on_led(LedPattern) override {}
  void on_unsolicited(std::string_view line) override { provisioning.on_unsolicited(line); }
  void on_received(std::string_view) override {}

  // What the bench is sent within `ms`.
  std::string run(Millis ms) {
    console.to_bench.clear();
    for (const Millis end = now + ms; now < end; now += 10) {
      modem.next_tick();
      Wake wake(now);
      at.tick(now, wake);
      provisioning.tick(now, wake);
      led.tick(now, wake);
      stream.flush();
    }
    return console.to_bench;
  }
};

std::unique_ptr<Rig> new_rig() { return std::make_unique<Rig>(); }

TEST(provisioning_run_starts_by_itself_and_wakes_for_it) {
  const auto rig = new_rig();
  CHECK_EQ(rig->run(ProvisioningRun::kAutostartMs),
           "I (0) app: provisioning: bring-up starts in 3 s\n");
  CHECK(!rig->provisioning.running());
  Wake wake(2500);
  ProvisioningRun waiting{{rig->at, rig->events, rig->led, rig->kv}};
  waiting.tick(2500, wake);
  CHECK_EQ(wake.delay_ms(), 500u);
  rig->run(10);
  CHECK(rig->provisioning.running());
  CHECK(rig->led.pattern() == LedPattern::kSearching);
}

TEST(provisioning_run_ends_with_the_proof_and_a_steady_light) {
  const auto rig = new_rig();
  const std::string seen = rig->run(60'000);
  CHECK(contains(seen, R"("ok":true,"step":12,"address":"10.1.2.3"})"));
  CHECK(contains(seen, "I (0) app: bring-up complete"));
  CHECK(rig->provisioning.succeeded());
  CHECK(has_cellular_proof(rig->kv));
  CHECK(rig->led.pattern() == LedPattern::kConnected);
}

TEST(provisioning_run_says_that_the_proof_could_not_be_stored) {
  const auto rig = new_rig();
  rig->kv.full = true;
  CHECK(contains(rig->run(60'000), "E (0) app: cellular_ok could not be stored"));
  CHECK(rig->provisioning.succeeded());
}

TEST(provisioning_run_repeats_only_the_latest_run) {
  const auto rig = new_rig();
  rig->run(60'000);
  rig->modem.on("AT+CPIN?", {"+CME ERROR: SIM not inserted\n"});
  rig->provisioning.ask(true, rig->now);
  CHECK(contains(rig->run(60'000), "E (0) app: bring-up failed"));
  rig->provisioning.ask(false, rig->now);
  const std::string repeated = rig->run(20);
  CHECK(contains(repeated, R"("step":3,"state":"failed")"));
  CHECK(!contains(repeated, R"("step":4)"));
  CHECK(contains(repeated, R"("ok":false,"step":3})"));
  CHECK(!rig->provisioning.succeeded());
  CHECK(rig->led.pattern() == LedPattern::kFailed);
}

TEST(provisioning_run_knows_the_registration_from_steps_and_from_the_modem_unasked) {
  const auto rig = new_rig();
  CHECK_EQ(rig->provisioning.registration(), -1);
  rig->run(60'000);
  CHECK_EQ(rig->provisioning.registration(), 5);
  rig->modem.say("+CEREG: 2\n");
  CHECK(contains(rig->run(100), "I (0) modem: +CEREG: 2"));
  CHECK_EQ(rig->provisioning.registration(), 2);
}

}  // namespace jambox::provisioning_run_test
