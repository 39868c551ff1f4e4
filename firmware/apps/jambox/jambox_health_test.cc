// What the production program says of its health in heartbeats: memory with each, why it started
// until that was taken.
#include "host/test.h"
#include "host/unit_life.h"

// Its own name, not an unnamed one: all tests are compiled as one file.
namespace jambox::health_test {

using namespace jambox::test;

std::string last(const UnitLife& life, const std::string& key) {
  return json_field(life.bodies("/api/heartbeat").back(), key);
}

TEST(each_heartbeat_says_how_much_memory_is_free_and_was_at_least) {
  const auto life = new_life();
  life->start();
  life->run_minutes(2);
  CHECK_EQ(last(*life, "heap"), "150");
  CHECK_EQ(last(*life, "heap_min"), "120");
  life->board.system.heap = 100'000;
  life->board.system.least_heap = 65'535;
  life->run_hours(24);
  CHECK_EQ(life->bodies("/api/heartbeat").size(), 2u);
  CHECK_EQ(last(*life, "heap"), "97");
  CHECK_EQ(last(*life, "heap_min"), "63");
}

TEST(why_it_started_is_said_until_it_was_taken) {
  const auto life = new_life();
  life->silent = true;  // taken there, perhaps, but nobody said so
  life->start(ResetReason::kBrownOut);
  life->run_minutes(10);
  CHECK(life->bodies("/api/heartbeat").size() >= 2);
  CHECK_EQ(last(*life, "rst"), "2");
  life->silent = false;
  life->run_minutes(20);
  CHECK_EQ(last(*life, "rst"), "2");
  life->run_hours(25);
  CHECK_EQ(last(*life, "rst"), "");
}

TEST(what_the_chip_saw_is_told_as_it_is) {
  const struct {
    ResetReason reset;
    const char* said;
  } all[] = {{ResetReason::kPowerOn, "1"},   {ResetReason::kBrownOut, "2"},
             {ResetReason::kCrash, "3"},     {ResetReason::kWatchdog, "4"},
             {ResetReason::kResetLine, "5"}, {ResetReason::kUnknown, ""},
             {ResetReason::kSoftware, ""}};
  for (const auto& [reset, said] : all) {
    const auto life = new_life();
    life->start(reset);
    life->run_minutes(2);
    CHECK_EQ(last(*life, "rst"), said);
  }
}

TEST(a_restart_by_command_says_so_behind_it_and_only_then) {
  const auto life = new_life();
  life->start();
  life->run_minutes(2);
  life->command = "reboot";
  life->command_id = "c1";
  life->board.console.send(R"({"id":1,"cmd":"send"})");
  life->run_minutes(5);
  CHECK_EQ(life->starts, 2);
  CHECK_EQ(last(*life, "rst"), "6");
  life->start(ResetReason::kWatchdog);
  life->run_minutes(5);
  CHECK_EQ(last(*life, "rst"), "4");
}

TEST(a_restart_by_the_bench_is_not_taken_for_a_command) {
  const auto life = new_life();
  life->start();
  life->run_minutes(2);
  life->board.console.send(R"({"id":1,"cmd":"reboot"})");
  life->run_minutes(5);
  CHECK_EQ(life->starts, 2);
  CHECK_EQ(last(*life, "rst"), "11");
}

TEST(a_unit_that_restarts_itself_in_an_outage_says_why_once_it_is_over) {
  const auto life = new_life();
  life->down = true;
  life->start();
  life->run_hours(10);
  CHECK(life->starts > 1);
  life->down = false;
  life->run_hours(1);
  CHECK_EQ(last(*life, "rst"), "8");
}

}  // namespace jambox::health_test
