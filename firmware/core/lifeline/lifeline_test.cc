// Remedies against silence: when each comes, how far apart, and the watchdog behind them.
#include "core/lifeline/lifeline.h"

#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

constexpr Millis kLifelineMinute = 60'000;
constexpr Millis kOneHour = 60 * kLifelineMinute;
constexpr std::uint32_t kNoJitter = 0x7FFF7FFF;  // the middle of both ranges

struct Remedies {
  std::vector<Millis> modem;
  std::vector<Millis> chip;
};

// What is named within `span`, a look each minute.
Remedies remedies(Lifeline& lifeline, Millis span, bool wanting = true) {
  Remedies found;
  for (Millis now = 0; now <= span; now += kLifelineMinute) {
    Wake wake(now);
    const auto remedy = lifeline.tick(now, wanting, kNoJitter, wake);
    if (remedy == Lifeline::Remedy::kRestartModem) found.modem.push_back(now);
    if (remedy == Lifeline::Remedy::kRestartChip) found.chip.push_back(now);
  }
  return found;
}

bool near_to(Millis got, Millis wanted) {
  return got + kLifelineMinute >= wanted && got <= wanted + kLifelineMinute;
}

}  // namespace

TEST(silence_restarts_the_modem_ever_less_often_and_then_the_chip_once) {
  FakeKeyValue kv;
  Lifeline lifeline(kv);
  lifeline.start();
  const Remedies found = remedies(lifeline, 20 * kOneHour);
  CHECK(found.modem.size() >= 3);
  if (found.modem.size() < 3) return;
  CHECK(near_to(found.modem[0], 30 * kLifelineMinute));
  CHECK(near_to(found.modem[1], 90 * kLifelineMinute));
  CHECK(near_to(found.modem[2], 210 * kLifelineMinute));
  CHECK_EQ(found.chip.size(), 1u);
  CHECK(near_to(found.chip[0], 6 * kOneHour));
}

TEST(each_restart_of_the_chip_waits_longer_up_to_a_day) {
  FakeKeyValue kv;
  const Millis waits[] = {6 * kOneHour, 12 * kOneHour, 24 * kOneHour, 24 * kOneHour, 24 * kOneHour};
  for (const Millis wait : waits) {
    Lifeline lifeline(kv);  // a new start of the unit
    lifeline.start();
    const Remedies found = remedies(lifeline, 25 * kOneHour);
    CHECK_EQ(found.chip.size(), 1u);
    if (!found.chip.empty()) CHECK(near_to(found.chip[0], wait));
  }
  Lifeline lifeline(kv);
  lifeline.start();
  CHECK_EQ(lifeline.restarts(), 5u);
  lifeline.on_answer();
  CHECK_EQ(lifeline.restarts(), 0u);
  CHECK(kv.state.empty());
}

TEST(whatever_the_jitter_the_first_restart_comes_before_the_queue_is_full) {
  for (const std::uint32_t random : {0u, 0xFFFFFFFFu}) {
    FakeKeyValue kv;
    Lifeline lifeline(kv);
    lifeline.start();
    Millis at = 0;
    for (Millis now = 0; at == 0 && now < 20 * kOneHour; now += kLifelineMinute) {
      Wake wake(now);
      if (lifeline.tick(now, true, random, wake) == Lifeline::Remedy::kRestartChip) at = now;
    }
    CHECK(at >= 4 * kOneHour && at < 8 * kOneHour);
  }
}

TEST(an_answer_or_nothing_to_say_starts_the_times_anew) {
  FakeKeyValue kv;
  Lifeline lifeline(kv);
  lifeline.start();
  CHECK(remedies(lifeline, 100 * kOneHour, false).modem.empty());
  for (Millis now = 100 * kOneHour; now < 200 * kOneHour; now += 10 * kLifelineMinute) {
    Wake wake(now);
    CHECK(lifeline.tick(now, true, kNoJitter, wake) == Lifeline::Remedy::kNone);
    lifeline.on_answer();
  }
}

TEST(the_watchdog_is_fed_until_a_named_restart_does_not_come) {
  FakeKeyValue kv;
  Lifeline lifeline(kv);
  lifeline.start();
  Millis named = 0;
  for (Millis now = 0; now < 7 * kOneHour; now += 1000) {
    Wake wake(now);
    const auto remedy = lifeline.tick(now, true, kNoJitter, wake);
    if (remedy == Lifeline::Remedy::kRestartChip) named = now;
    CHECK_EQ(lifeline.alive(now), named == 0 || now < named + Lifeline::kGraceMs);
  }
  CHECK(named > 0);
}
