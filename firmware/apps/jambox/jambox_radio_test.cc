// The production program with a receiver that does not listen: it says so, tries again, restarts,
// and goes on with what it has.
#include "host/test.h"
#include "host/unit_life.h"

// Its own name, not an unnamed one: all tests are compiled as one file.
namespace jambox::radio_test {

using namespace jambox::test;

std::string last_radio(const UnitLife& life) {
  return json_field(life.bodies("/api/heartbeat").back(), "radio");
}

TEST(a_unit_that_hears_says_nothing_of_its_radio) {
  const auto life = new_life();
  life->start();
  life->run_minutes(30);
  CHECK_EQ(last_radio(*life), "");
}

TEST(a_broken_receiver_is_reported_soon_and_the_unit_restarts_for_it) {
  const auto life = new_life();
  life->start();
  life->run_minutes(6);
  life->board.radio.wifi_works = false;
  life->run_minutes(4);
  CHECK_EQ(life->starts, 1);
  CHECK(contains(life->board.console.to_bench, "the Wi-Fi receiver does not listen"));
  life->run_minutes(3);
  CHECK_EQ(life->starts, 2);
  // Already the first heartbeat of the new start says it.
  CHECK_EQ(last_radio(*life), "1");
  // Still broken: the next restart waits twice as long, and readings go on.
  const std::size_t readings = life->bodies("/api/reading").size();
  life->run_minutes(14);
  CHECK_EQ(life->starts, 3);
  CHECK_EQ(last_radio(*life), "1");
  CHECK(life->bodies("/api/reading").size() > readings);
  life->board.radio.wifi_works = true;
  life->run_minutes(30);
  CHECK_EQ(last_radio(*life), "");
}

TEST(a_radio_that_is_broken_for_good_costs_few_restarts_and_heartbeats) {
  const auto life = new_life();
  life->board.radio.wifi_works = life->board.radio.ble_works = false;
  life->start();
  life->run_minutes(24 * 60);
  CHECK_EQ(last_radio(*life), "3");
  CHECK(life->starts >= 5 && life->starts <= 11);
  CHECK(life->bodies("/api/heartbeat").size() <= 2u * static_cast<std::size_t>(life->starts) + 2u);
}

}  // namespace jambox::radio_test
