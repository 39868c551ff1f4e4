// What the production program tells its backend in notes: soon, once, and in the way of nothing.
#include "host/test.h"
#include "host/unit_life.h"

// Its own name, not an unnamed one: all tests are compiled as one file.
namespace jambox::note_test {

using namespace jambox::test;

std::string last_note(const UnitLife& life) {
  return json_field(life.bodies("/api/heartbeat").back(), "note");
}

TEST(a_config_that_could_not_be_stored_is_reported_soon) {
  const auto life = new_life();
  life->board.kv.full = true;
  life->config_version = 2;
  life->config = config_with(2, 300'000);
  life->start();
  life->run_minutes(12);
  CHECK_EQ(life->bodies("/api/heartbeat").size(), 2u);
  CHECK_EQ(last_note(*life),
           "configuration: it could not be stored; it holds until the next restart");
  CHECK_EQ(json_field(life->bodies("/api/heartbeat").back(), "cfg"), "2");
}

// A longer interval still holds at once for a heartbeat that nothing has brought forward.
TEST(a_longer_heartbeat_interval_holds_from_the_last_heartbeat) {
  const auto life = new_life();
  life->config_version = 2;
  life->config = config_with(2, 300'000);
  life->start();
  life->run_minutes(70);
  CHECK_EQ(life->bodies("/api/heartbeat").size(), 2u);
  life->config_version = 3;
  life->config = config_with(3, 300'000);
  const std::string hour = "\"heartbeat_interval_ms\":3600000";
  life->config.replace(life->config.find(hour), hour.size(), "\"heartbeat_interval_ms\":86400000");
  life->run_minutes(180);
  CHECK_EQ(life->requests("GET /api/config"), 2);
  CHECK_EQ(life->bodies("/api/heartbeat").size(), 2u);
}

// Its acknowledgement leaves after the restart, and a store that refuses would forget it: for ever.
TEST(a_reboot_whose_id_cannot_be_stored_is_not_carried_out) {
  const auto life = new_life();
  life->start();
  life->run_minutes(6);
  life->board.kv.full = true;
  life->command = "reboot";
  life->command_id = "c9";
  life->run_minutes(20);
  CHECK_EQ(life->starts, 1);
  CHECK(life->command.empty());  // acknowledged all the same: delivering it again changes nothing
  CHECK_EQ(last_note(*life), "command reboot: not carried out, its id could not be stored");
  // Commands that may well happen twice are carried out.
  life->command = "geolocate";
  life->command_id = "c10";
  life->board.console.send(R"({"id":1,"cmd":"send"})");
  life->run(20'000);
  CHECK(life->board.radio.access_points);
  life->board.kv.full = false;
  life->command = "reboot";
  life->command_id = "c11";
  life->run_minutes(20);
  CHECK_EQ(life->starts, 2);
}

TEST(a_note_that_is_refused_blocks_no_heartbeat) {
  const auto life = new_life();
  life->refuses_notes = true;
  life->start();
  life->run_minutes(6);
  life->command = "dance";
  life->command_id = "c1";
  life->run_minutes(16);
  const auto heartbeats = life->bodies("/api/heartbeat");
  CHECK_EQ(heartbeats.size(), 3u);
  CHECK_EQ(json_field(heartbeats[1], "note"), "command dance: not known to this version");
  CHECK_EQ(json_field(heartbeats.back(), "note"), "");
}

TEST(a_note_is_one_line_of_printable_ascii) {
  const auto life = new_life();
  life->command = "d\\u00e4nce\\n\x7f";
  life->command_id = "c1";
  life->start();
  life->run_minutes(12);
  CHECK_EQ(last_note(*life), "command d??nce??: not known to this version");
}

}  // namespace jambox::note_test
