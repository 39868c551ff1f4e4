// Bounded text and number parsing.
#include "core/base/text.h"

#include "core/base/backoff.h"
#include "core/base/units.h"
#include "host/test.h"

using namespace jambox;

TEST(text_is_cut_at_its_capacity_and_says_so) {
  FixedText<4> text;
  text.add("abc");
  CHECK(!text.truncated());
  text.add("de");
  CHECK_EQ(text.view(), "abcd");
  CHECK(text.truncated());
  text.assign("x");
  CHECK_EQ(text.view(), "x");
  CHECK(!text.truncated());
}

TEST(integers_are_written_as_they_are_read) {
  for (const std::int64_t n : {0ll, 7ll, -1ll, 1234567890123ll, -999999999999999999ll}) {
    FixedText<24> text;
    text.add_int(n);
    CHECK(parse_int(text.view()).has_value());
    CHECK_EQ(parse_int(text.view()).value_or(0), n);
  }
  FixedText<24> lowest;
  lowest.add_int(INT64_MIN);
  CHECK_EQ(lowest.view(), "-9223372036854775808");
}

TEST(what_is_no_whole_number_is_refused) {
  for (const std::string_view text : {"", "-", "1.5", "1e3", " 1", "0x1", "1234567890123456789"}) {
    CHECK(!parse_int(text));
  }
}

TEST(take_until_leaves_what_is_behind_the_separator) {
  std::string_view rest = "a,b,,c";
  CHECK_EQ(take_until(rest, ','), "a");
  CHECK_EQ(take_until(rest, ','), "b");
  CHECK_EQ(take_until(rest, ','), "");
  CHECK_EQ(take_until(rest, ','), "c");
  CHECK(rest.empty());
}

TEST(counts_stop_at_the_limit) {
  std::uint32_t count = kCountMax - 1;
  count_up(count);
  CHECK_EQ(count, kCountMax);
  count_up(count, 0xFFFFFFFFu);
  CHECK_EQ(count, kCountMax);
}

TEST(backoff_doubles_with_jitter_up_to_its_limit) {
  Backoff backoff;
  constexpr Backoff::Range kRange{1000, 8000};
  Millis nominal = 1000;
  for (int i = 0; i < 20; ++i) {
    for (const std::uint32_t random : {0u, 0xFFFFu, 0x8000u}) {
      Backoff probe = backoff;
      probe.fail(50, kRange, random);
      CHECK(probe.next_at() >= 50 + nominal * 3 / 4);
      CHECK(probe.next_at() <= 50 + nominal * 5 / 4);
    }
    backoff.fail(50, kRange, 0);
    nominal = nominal < 8000 ? nominal * 2 : 8000;
  }
  backoff.succeed(99);
  CHECK_EQ(backoff.failures(), 0u);
  CHECK(!backoff.due(98));
  CHECK(backoff.due(99));
}
