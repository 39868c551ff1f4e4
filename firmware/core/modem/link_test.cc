// The link over hours: losses and recoveries of the network, a dead stack, a modem to restart.
#include "core/modem/link.h"

#include "host/fake_modem.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

struct LinkRig final : LinkObserver, AtListener {
  FakeModem modem;
  AtEngine at{modem};
  Link link{at, *this};
  ModemSettings settings;
  std::string states;
  Millis now = 0;

  LinkRig() {
    at.set_listener(this);
    link.start(settings, false, now);
  }
  void on_link(LinkState state, std::string_view) override {
    states += state == LinkState::kOnline      ? "+"
              : state == LinkState::kSearching ? "?"
              : state == LinkState::kOffline   ? "-"
                                               : "a";
  }
  void on_link_step(const StepReport&) override {}
  void on_unsolicited(std::string_view line) override { link.on_unsolicited(line); }
  void on_received(std::string_view) override {}

  void run(Millis ms) {
    for (const Millis end = now + ms; now < end;) {
      modem.next_tick();
      Wake wake(now);
      at.tick(now, wake);
      link.tick(now, true, 0x7FFF, wake);
      at.tick(now, wake);
      const Millis delay = wake.delay_ms();
      now += delay < 1 || modem.unread() ? 1 : delay;
    }
  }
};

constexpr Millis kMinutes = 60'000;

}  // namespace

TEST(link_attaches_and_asks_for_registration_and_signal_each_minute) {
  LinkRig rig;
  rig.run(10 * kMinutes);
  CHECK_EQ(rig.states, "+");
  CHECK_EQ(rig.link.signal_dbm(), -77);
  const int asked = rig.modem.count("AT+CSQ");
  CHECK(asked >= 9 && asked <= 11);
  CHECK(rig.modem.violations.empty());
}

TEST(link_knows_whether_the_modem_ever_answered_and_whether_it_attaches) {
  LinkRig rig;
  CHECK(rig.link.coming_online());
  CHECK(!rig.link.modem_answered());
  rig.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n"});
  rig.run(kMinutes);
  CHECK(rig.link.modem_answered());
  CHECK(rig.link.attaching() && !rig.link.coming_online());  // it only searches
  LinkRig silent;
  silent.modem.mute = true;
  silent.run(2 * kMinutes);
  CHECK(!silent.link.modem_answered());
}

TEST(link_is_back_seconds_after_the_network_however_long_it_was_away) {
  for (const int minutes : {3, 60, 12 * 60}) {
    LinkRig rig;
    rig.run(kMinutes);
    rig.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n"});
    rig.modem.say("+CEREG: 2\n");
    rig.run(static_cast<Millis>(minutes) * kMinutes);
    CHECK_EQ(rig.states, "+?");
    CHECK_EQ(rig.link.registration(), 2);
    rig.modem.on("AT+CEREG?", {"+CEREG: 0,1\nOK\n"});
    rig.run(15'000);  // the rig takes a second for each of its commands
    CHECK_EQ(rig.states, "+?+");
    CHECK(rig.modem.violations.empty());
  }
}

TEST(link_tries_ever_less_often_where_there_is_no_network_at_boot) {
  LinkRig rig;
  rig.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n"});
  rig.run(6 * 60 * kMinutes);
  const int tries = rig.modem.count("AT+CPIN?");
  CHECK(tries >= 20 && tries <= 40);  // 5 minutes of search, 10 of rest
  rig.modem.on("AT+CEREG?", {"+CEREG: 0,5\nOK\n"});
  rig.run(15 * kMinutes);
  CHECK(rig.link.online());
}

TEST(link_opens_the_stack_again_when_the_modem_says_it_closed) {
  for (const char* words : {"+NETCLOSE: 0\n", "+CIPEVENT: NETWORK CLOSED UNEXPECTEDLY\n"}) {
    LinkRig rig;
    rig.run(kMinutes);
    rig.modem.say(words);
    rig.run(kMinutes);
    CHECK(rig.link.online());
    CHECK_EQ(rig.modem.count("AT+NETOPEN"), 2);
    CHECK_EQ(rig.modem.count("AT+NETCLOSE"), 1);
  }
}

TEST(link_attaches_again_after_the_modem_restarted_by_itself) {
  LinkRig rig;
  rig.run(kMinutes);
  rig.modem.echo = true;
  rig.modem.say("*ATREADY: 1\n");
  rig.run(kMinutes);
  CHECK(rig.link.online());
  CHECK_EQ(rig.modem.count("ATE0"), 2);
}

TEST(link_restarts_the_modem_on_demand_even_one_that_only_answers_error) {
  LinkRig rig;
  rig.run(kMinutes);
  rig.link.restart_modem();
  rig.run(kMinutes);
  CHECK_EQ(rig.modem.count("AT+CFUN=1,1"), 1);
  CHECK(rig.link.online());
  rig.modem.only_errors = true;
  rig.link.restart_modem();
  rig.run(kMinutes);
  CHECK_EQ(rig.modem.count("AT+CFUN=1,1"), 2);
  CHECK(!rig.link.online());
  rig.modem.only_errors = false;
  rig.run(12 * kMinutes);
  CHECK(rig.link.online());
  CHECK_EQ(rig.modem.count("AT+CFUN=1,1"), 2);
}

TEST(link_that_came_online_meanwhile_needs_no_restart) {
  LinkRig rig;
  rig.modem.on("AT+CEREG?", {"+CEREG: 0,2\nOK\n", "+CEREG: 0,5\nOK\n"});
  rig.run(1000);
  CHECK(rig.link.attaching());
  rig.link.restart_modem();
  rig.run(kMinutes);
  CHECK(rig.link.online());
  CHECK_EQ(rig.modem.count("AT+CFUN=1,1"), 0);
}
