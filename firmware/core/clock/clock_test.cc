// ISO times and the synced clock.
#include "core/clock/civil_time.h"
#include "core/clock/wall_clock.h"
#include "host/test.h"

using namespace jambox;

TEST(iso_times_are_read_in_every_spelling) {
  const std::int64_t t = 1769680800000;  // 2026-01-29T10:00:00Z
  CHECK_EQ(parse_iso_time_ms("2026-01-29T10:00:00Z").value_or(0), t);
  CHECK_EQ(parse_iso_time_ms("2026-01-29T10:00:00").value_or(0), t);
  CHECK_EQ(parse_iso_time_ms("2026-01-29T10:00:00.123456+00:00").value_or(0), t + 123);
  CHECK_EQ(parse_iso_time_ms("2026-01-29T10:00:00.5Z").value_or(0), t + 500);
  CHECK_EQ(parse_iso_time_ms("2026-01-29T12:30:00+02:30").value_or(0), t);
  CHECK_EQ(parse_iso_time_ms("2026-01-29T02:00:00-08:00").value_or(0), t);
}

TEST(impossible_iso_times_are_refused) {
  for (const std::string_view text :
       {"", "2026-01-29", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-29 10:00:00Z",
        "1999-12-31T23:59:59Z", "2026-01-29T24:00:00Z", "2026-01-29T10:00:00X",
        "2026-01-29T10:00:00+0000", "2026-1-29T10:00:00Z", "2026-01-29T10:00:00Zx"}) {
    CHECK(!parse_iso_time_ms(text));
  }
}

TEST(iso_times_of_a_century_are_written_as_they_are_read) {
  for (std::int64_t t = 946684800; t < 4102444800; t += 86399 * 17) {
    FixedText<24> text;
    add_iso_time(text, t);
    CHECK_EQ(parse_iso_time_ms(text.view()).value_or(0), t * 1000);
  }
  FixedText<24> leap;
  add_iso_time(leap, 1709164800);
  CHECK_EQ(leap.view(), "2024-02-29T00:00:00Z");
}

TEST(clock_is_unknown_until_synced) {
  WallClock clock;
  CHECK(!clock.synced());
  CHECK_EQ(clock.unix_ms(5000), 0);
  clock.sync(1769680800000, 5000);
  CHECK_EQ(clock.unix_ms(6000), 1769680801000);
  CHECK_EQ(clock.boot_unix_s(), 1769680795);
}

TEST(clock_jumps_forward_but_never_back) {
  WallClock clock;
  clock.sync(1769680800000, 0);
  clock.sync(1769680800000 + 90000, 60000);  // 30 s behind
  CHECK_EQ(clock.unix_ms(60000), 1769680890000);
  clock.sync(1769680890000, 61000);  // 1 s ahead
  std::int64_t last = 0;
  Millis now = 61000;
  for (; now < 61000 + 8000; now += 7) {
    const std::int64_t t = clock.unix_ms(now);
    CHECK(t >= last);
    last = t;
  }
  now = 80000;
  CHECK_EQ(clock.unix_ms(now), 1769680890000 + static_cast<std::int64_t>(now - 61000));
}

TEST(clock_refuses_times_no_unit_lives_in) {
  for (const char* text : {"2000-01-01T00:00:00Z", "2024-12-31T23:59:59Z", "2038-01-01T00:00:00Z",
                           "2038-01-19T03:14:07Z", "2099-12-31T23:59:59Z"}) {
    WallClock clock;
    CHECK(clock.sync(parse_iso_time_ms(text).value_or(0), 0) == WallClock::Sync::kImpossible);
    CHECK(!clock.synced());
  }
  WallClock clock;
  CHECK(clock.sync(-1, 0) == WallClock::Sync::kImpossible);
  CHECK(clock.sync(parse_iso_time_ms("2037-12-31T23:59:59Z").value_or(0), 0) ==
        WallClock::Sync::kTaken);
}

TEST(clock_believes_a_far_time_only_when_it_comes_twice) {
  constexpr std::int64_t kNow = 1769680800000;
  constexpr std::int64_t kHourMs = 3'600'000;
  WallClock clock;
  clock.sync(kNow, 0);
  CHECK(clock.sync(kNow + kHourMs, 0) == WallClock::Sync::kDoubtful);
  CHECK_EQ(clock.unix_ms(0), kNow);
  CHECK(clock.sync(kNow + 3 * kHourMs, 0) == WallClock::Sync::kDoubtful);  // not the same
  CHECK(clock.sync(kNow + 1000, 1000) == WallClock::Sync::kTaken);         // the first was right
  CHECK(clock.sync(kNow + kHourMs, 1000) == WallClock::Sync::kDoubtful);
  CHECK(clock.sync(kNow + kHourMs + 59'000, 60'000) == WallClock::Sync::kTaken);
  CHECK_EQ(clock.unix_ms(60'000), kNow + kHourMs + 59'000);
}

TEST(clock_that_is_far_ahead_says_so_and_does_not_go_back) {
  constexpr std::int64_t kNow = 1769680800000;
  constexpr std::int64_t kHourMs = 3'600'000;
  WallClock clock;
  clock.sync(kNow + kHourMs, 0);
  CHECK(clock.sync(kNow + 1000, 1000) == WallClock::Sync::kDoubtful);
  CHECK(clock.sync(kNow + 61'000, 61'000) == WallClock::Sync::kAhead);
  CHECK(clock.sync(kNow + 62'000, 62'000) == WallClock::Sync::kAhead);
  CHECK_EQ(clock.unix_ms(62'000), kNow + kHourMs + 62'000);
}

// Any sequence of times, near and far: the clock never runs back and stays synced.
TEST(clock_never_runs_back_whatever_comes) {
  std::uint32_t seed = 7;
  const auto dice = [&seed] { return (seed = seed * 1664525u + 1013904223u) >> 8; };
  WallClock clock;
  std::int64_t last = 0;
  Millis now = 0;
  for (int i = 0; i < 20000; ++i) {
    now += dice() % 5000;
    if (dice() % 10 == 0) {
      const std::int64_t span = dice() % 3 == 0 ? 90'000'000 : 20'000;
      const auto error = static_cast<std::int64_t>(dice() % span) - span / 2;
      clock.sync(1769680800000 + static_cast<std::int64_t>(now) + error, now);
    }
    const std::int64_t t = clock.unix_ms(now);
    CHECK(t >= last);
    last = t;
  }
}
