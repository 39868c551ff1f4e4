// Heartbeats' answers and backend commands.
#include "core/heartbeat/heartbeat.h"
#include "core/uplink/command_box.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {
// What the box makes of the answer `json`.
std::string_view take(CommandBox& box, std::string_view json) {
  BackendAnswer answer;
  CHECK(parse_backend_answer(json, answer));
  static FixedText<32> command;
  command.assign(box.take(answer));
  return command.view();
}
}  // namespace

TEST(heartbeat_body_has_the_keys_of_the_device_api) {
  FixedText<256> body;
  add_heartbeat_json(body, {"JBNB0002", "6.0.0", "", 86400, -85});
  CHECK_EQ(body.view(), R"({"d":"JBNB0002","v":"6.0.0","uptime":86400,"cell_rssi":-85,"cfg":0})");
  body.clear();
  add_heartbeat_json(body, {"JBNB0002", "6.0.0", "c1", 5, 0, 7, "say \"hi\""});
  CHECK_EQ(body.view(), R"({"d":"JBNB0002","v":"6.0.0","uptime":5,"ack":"c1","cfg":7,)"
                        R"("note":"say \"hi\""})");
  // A radio that hears costs no byte.
  body.clear();
  add_heartbeat_json(body, {"JBNB0002", "6.0.0", "", 5, 0, 7, "", 3});
  CHECK_EQ(body.view(), R"({"d":"JBNB0002","v":"6.0.0","uptime":5,"cfg":7,"radio":3})");
  // Of its health at most 39 bytes, whatever the chip says.
  body.clear();
  add_heartbeat_json(body, {"JBNB0002", "6.0.0", "", 5, 0, 7, "", 0, 0xffffffff, 65'535, 11});
  CHECK_EQ(body.view(), R"({"d":"JBNB0002","v":"6.0.0","uptime":5,"cfg":7,)"
                        R"("heap":16384,"heap_min":63,"rst":11})");
}

TEST(backend_answers_are_read_whole_or_in_part) {
  BackendAnswer answer;
  CHECK(parse_backend_answer(
      R"({"status":"ok","server_time":"2026-01-29T10:00:00.123456+00:00","command":"send_now",)"
      R"("command_id":"c1","config_version":3})",
      answer));
  CHECK_EQ(answer.server_time_ms.value_or(0), 1769680800123);
  CHECK_EQ(answer.config_version.value_or(0), 3);
  CHECK_EQ(answer.command.view(), "send_now");
  CHECK_EQ(answer.command_id.view(), "c1");
  BackendAnswer less;
  CHECK(parse_backend_answer(R"({"server_time":"yesterday","command":7})", less));
  CHECK(!less.server_time_ms);
  CHECK(less.command.empty());
  CHECK(!parse_backend_answer("<html>", less));
}

TEST(commands_are_executed_once_and_acknowledged_until_it_worked) {
  FakeKeyValue kv;
  CommandBox box(kv);
  const std::string_view answer = R"({"command":"send_now","command_id":"c1"})";
  CHECK_EQ(take(box, answer), "send_now");
  CHECK_EQ(box.ack(), "c1");
  CHECK_EQ(take(box, answer), "");  // delivered again: the acknowledgement was lost
  CHECK_EQ(box.ack(), "c1");
  box.acknowledged();
  CHECK_EQ(box.ack(), "");
  CHECK_EQ(take(box, R"({"command":"reboot","command_id":"c2"})"), "reboot");
}

TEST(a_reboot_is_not_repeated_after_the_restart) {
  FakeKeyValue kv;
  CommandBox before(kv);
  const std::string_view answer = R"({"command":"reboot","command_id":"c9"})";
  CHECK_EQ(take(before, answer), "reboot");
  CommandBox after(kv);
  after.load();
  CHECK_EQ(after.ack(), "c9");
  CHECK_EQ(take(after, answer), "");
}

TEST(a_command_whose_id_cannot_be_stored_is_known_as_such) {
  FakeKeyValue kv;
  CommandBox box(kv);
  kv.full = true;
  CHECK_EQ(take(box, R"({"command":"reboot","command_id":"c1"})"), "reboot");
  CHECK(!box.remembered());
  CHECK_EQ(box.ack(), "c1");
  CHECK_EQ(take(box, R"({"command":"reboot"})"), "reboot");
  CHECK(box.remembered());  // delivered once, gone: it cannot come again
  kv.full = false;
  CHECK_EQ(take(box, R"({"command":"reboot","command_id":"c2"})"), "reboot");
  CHECK(box.remembered());
}

TEST(commands_without_an_id_are_executed_each_time) {
  FakeKeyValue kv;
  CommandBox box(kv);
  const std::string_view answer = R"({"command":"send_now"})";
  CHECK_EQ(take(box, answer), "send_now");
  CHECK_EQ(take(box, answer), "send_now");
  CHECK_EQ(box.ack(), "");
}
