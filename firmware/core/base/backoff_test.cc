// Pauses between tries: doubling, a limit, jitter within a quarter.
#include "core/base/backoff.h"
#include "host/test.h"

using namespace jambox;

TEST(backoff_doubles_up_to_its_limit_within_a_quarter_of_jitter) {
  constexpr Backoff::Range kRange{1000, 16000};
  for (const std::uint32_t random : {0u, 0x7FFFu, 0xFFFFu, 0xFFFF0000u}) {
    Backoff backoff;
    Millis wait = 1000;
    for (int i = 0; i < 40; ++i) {
      backoff.fail(5000, kRange, random);
      const Millis pause = backoff.next_at() - 5000;
      CHECK(pause >= wait - wait / 4 && pause <= wait + wait / 4);
      if (wait < 16000) wait *= 2;
    }
    CHECK_EQ(backoff.failures(), 40u);
  }
}

TEST(backoff_spreads_units_that_failed_together) {
  constexpr Backoff::Range kRange{900'000, 900'000};
  Millis earliest = ~Millis{0};
  Millis latest = 0;
  for (std::uint32_t unit = 0; unit < 100; ++unit) {
    Backoff backoff;
    backoff.fail(0, kRange, unit * 2654435761u >> 8);
    earliest = backoff.next_at() < earliest ? backoff.next_at() : earliest;
    latest = backoff.next_at() > latest ? backoff.next_at() : latest;
  }
  CHECK(latest - earliest > 400'000);
}

TEST(backoff_goes_on_after_a_restart_and_forgets_after_a_success) {
  constexpr Backoff::Range kRange{1000, 64000};
  Backoff backoff;
  backoff.resume(3);
  CHECK(backoff.due(0));
  backoff.fail(0, kRange, 0x7FFF);
  CHECK(backoff.next_at() >= 7900 && backoff.next_at() <= 8100);
  backoff.hurry();
  CHECK(backoff.due(0));
  CHECK_EQ(backoff.failures(), 4u);
  backoff.succeed(77);
  CHECK_EQ(backoff.failures(), 0u);
  CHECK(!backoff.due(76) && backoff.due(77));
}
