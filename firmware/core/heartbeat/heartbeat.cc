// Heartbeat JSON, see heartbeat.h.
#include "core/heartbeat/heartbeat.h"

#include "core/clock/civil_time.h"
#include "core/json/json_reader.h"
#include "core/json/json_writer.h"

namespace jambox {

namespace {

// Whole KiB say what a person wants to know, in three digits.
void add_kib(JsonWriter& json, std::string_view key, std::uint32_t bytes) {
  if (bytes == 0) return;
  const std::uint32_t kib = bytes / 1024;
  json.integer(key, kib < kFreeKibMax ? kib : kFreeKibMax);
}

}  // namespace

void add_heartbeat_json(TextBuilder& out, const HeartbeatContext& context) {
  JsonWriter json(out);
  json.text("d", context.device_id).text("v", context.firmware);
  json.integer("uptime", context.uptime_s);
  if (context.cell_rssi_dbm != 0) json.integer("cell_rssi", context.cell_rssi_dbm);
  if (!context.ack.empty()) json.text("ack", context.ack);
  json.integer("cfg", context.config_version);
  if (context.radio != 0) json.integer("radio", context.radio);
  add_kib(json, "heap", context.free_heap);
  add_kib(json, "heap_min", context.least_free_heap);
  if (context.start_reason != 0) json.integer("rst", context.start_reason);
  if (!context.note.empty()) json.text("note", context.note);
  json.end();
}

bool parse_backend_answer(std::string_view body, BackendAnswer& answer) {
  JsonObject json;
  if (!json.parse(body)) return false;
  FixedText<40> time;
  if (json.text("server_time", time)) answer.server_time_ms = parse_iso_time_ms(time.view());
  answer.config_version = json.integer("config_version");
  // One that is longer than any we know is still a command: it is reported, cut.
  const bool named = json.text("command", answer.command) || answer.command.truncated();
  if (!named) answer.command.clear();
  if (!json.text("command_id", answer.command_id)) answer.command_id.clear();
  if (!json.text("outcomes", answer.outcomes)) answer.outcomes.clear();
  return true;
}

}  // namespace jambox
