// Reading JSON, see reading.h.
#include "core/reading/reading.h"

#include "core/clock/civil_time.h"
#include "core/json/json_writer.h"

namespace jambox {

namespace {

void add_counts(JsonWriter& json, const Counts& c) {
  json.integer("dwell_0_1", c.stays[0]).integer("dwell_1_5", c.stays[1]);
  json.integer("dwell_5_10", c.stays[2]).integer("dwell_10plus", c.stays[3]);
  json.integer("rssi_immediate", c.zones[0]).integer("rssi_near", c.zones[1]);
  json.integer("rssi_far", c.zones[2]).integer("rssi_remote", c.zones[3]);
  json.integer("ble_i", c.ble_impressions).integer("ble_u", c.ble_device_minutes);
  json.integer("ble_apple", c.ble_apple).integer("ble_other", c.ble_other);
  if (c.ble_rssi.any()) json.integer("ble_rssi_avg", c.ble_rssi.mean());
}

}  // namespace

void add_reading_json(TextBuilder& out, const Reading& reading, const SendContext& context) {
  const Counts& c = reading.counts;
  // Without a synced clock `t` is counted from boot and marked as not to be trusted (ts 0).
  const bool synced = reading.start_unix_s != 0;
  FixedText<24> start;
  const auto uptime_s = static_cast<std::int64_t>(reading.start / 1000);
  add_iso_time(start, synced ? reading.start_unix_s : uptime_s);
  JsonWriter json(out);
  json.text("d", context.device_id).text("t", start.view());
  json.integer("i", c.impressions).integer("u", c.device_minutes);
  if (c.probe_rssi.any()) {
    json.integer("probe_rssi_avg", c.probe_rssi.mean());
    json.integer("probe_rssi_min", c.probe_rssi.min());
    json.integer("probe_rssi_max", c.probe_rssi.max());
  }
  if (context.cell_rssi_dbm != 0) json.integer("cell_rssi", context.cell_rssi_dbm);
  add_counts(json, c);
  json.integer("of", c.overflow).integer("cd", context.queued_behind);
  json.integer("sf", context.send_failures);
  const auto since_end = static_cast<std::int64_t>((context.now - reading.end) / 1000);
  json.integer("age", context.age_s >= 0 ? context.age_s : since_end);
  json.integer("ts", synced ? 1 : 0);
  if (context.boot_unix_s > 0) json.integer("bt", context.boot_unix_s);
  json.text("fw", context.firmware);
  if (reading.has_visits) json.integer("vis", c.visits).integer("occ", c.occupancy_x10);
  json.integer("seq", reading.seq);
  if (!context.ack.empty()) json.text("ack", context.ack);
  json.end();
}

}  // namespace jambox
