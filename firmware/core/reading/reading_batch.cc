// Batch JSON, see reading_batch.h.
#include "core/reading/reading_batch.h"

#include "core/json/json_writer.h"

namespace jambox {

namespace {

// 17 counts of up to 8 digits, three numbers of 10, four signal strengths of 4, what separates.
constexpr std::size_t kRowMax = 224;
constexpr std::size_t kEnd = 2;  // "]}"

// A list of numbers, of which some were not measured.
class Row {
 public:
  explicit Row(TextBuilder& out) : out_(out) { out_.add('['); }
  Row& number(std::int64_t value) {
    separate();
    out_.add_int(value);
    return *this;
  }
  Row& maybe(bool is_known, std::int64_t value) {
    if (is_known) return number(value);
    separate();
    out_.add("null");
    return *this;
  }
  void end() { out_.add(']'); }

 private:
  void separate() {
    if (!first_) out_.add(',');
    first_ = false;
  }

  TextBuilder& out_;
  bool first_ = true;
};

void add_row(TextBuilder& out, const Reading& reading, std::int64_t age_s) {
  const Counts& c = reading.counts;
  Row row(out);
  row.number(reading.seq).number(reading.start_unix_s).number(age_s);
  row.number(c.impressions).number(c.device_minutes).number(c.overflow);
  for (const std::uint32_t stays : c.stays) row.number(stays);
  for (const std::uint32_t minutes : c.zones) row.number(minutes);
  row.number(c.ble_impressions).number(c.ble_device_minutes);
  row.number(c.ble_apple).number(c.ble_other);
  const bool probed = c.probe_rssi.any();
  row.maybe(probed, probed ? c.probe_rssi.mean() : 0);
  row.maybe(probed, c.probe_rssi.min()).maybe(probed, c.probe_rssi.max());
  row.maybe(c.ble_rssi.any(), c.ble_rssi.any() ? c.ble_rssi.mean() : 0);
  if (reading.has_visits) row.number(c.visits).number(c.occupancy_x10);
  row.end();
}

}  // namespace

ReadingBatch::ReadingBatch(TextBuilder& out, const SendContext& shared) : out_(out) {
  JsonWriter json(out);
  json.text("d", shared.device_id).text("fw", shared.firmware);
  if (shared.boot_unix_s > 0) json.integer("bt", shared.boot_unix_s);
  if (shared.cell_rssi_dbm != 0) json.integer("cell_rssi", shared.cell_rssi_dbm);
  json.integer("cd", shared.queued_behind).integer("sf", shared.send_failures);
  if (!shared.ack.empty()) json.text("ack", shared.ack);
  json.raw("r", "[");
}

bool ReadingBatch::add(const Reading& reading, std::int64_t age_s) {
  if (size_ == kBatchMax || reading.start_unix_s == 0) return false;
  FixedText<kRowMax> row;
  add_row(row, reading, age_s);
  const std::size_t separator = size_ > 0 ? 1 : 0;
  if (row.truncated() || out_.size() + separator + row.size() + kEnd > kBatchJsonMax) return false;
  if (size_ > 0) out_.add(',');
  out_.add(row.view());
  ++size_;
  return true;
}

}  // namespace jambox
