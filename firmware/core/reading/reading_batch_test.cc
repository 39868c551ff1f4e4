// Bodies of several readings.
#include "core/reading/reading_batch.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

Reading dated(std::uint32_t seq) {
  Reading reading;
  reading.seq = seq;
  reading.start_unix_s = 1769602500 + 300 * static_cast<std::int64_t>(seq);
  return reading;
}

SendContext of_unit() {
  SendContext context;
  context.device_id = "JBNB0001";
  context.firmware = "6.0.0";
  context.queued_behind = 95;
  return context;
}

Reading largest() {
  Reading reading = dated(1);
  reading.seq = 0xFFFFFFFFu;
  reading.start_unix_s = 4102444799;
  Counts& c = reading.counts;
  for (std::uint32_t* count : {&c.visits, &c.occupancy_x10, &c.impressions, &c.device_minutes,
                               &c.overflow, &c.ble_impressions, &c.ble_device_minutes, &c.ble_apple,
                               &c.ble_other, &c.stays[0], &c.stays[1], &c.stays[2], &c.stays[3],
                               &c.zones[0], &c.zones[1], &c.zones[2], &c.zones[3]}) {
    *count = kCountMax;
  }
  c.probe_rssi.add(-127);
  c.ble_rssi.add(-127);
  return reading;
}

}  // namespace

TEST(batch_says_once_what_readings_share_and_each_as_a_row) {
  Reading reading = dated(9);
  Counts& c = reading.counts;
  c.impressions = 450, c.device_minutes = 120, c.overflow = 7;
  c.visits = 4, c.occupancy_x10 = 23;
  for (const int rssi : {-88, -45, -53}) c.probe_rssi.add(static_cast<std::int8_t>(rssi));
  for (std::uint32_t i = 0; i < 4; ++i) c.stays[i] = i + 1, c.zones[i] = 30 + i;
  c.ble_impressions = 200, c.ble_device_minutes = 85, c.ble_apple = 56, c.ble_other = 29;
  c.ble_rssi.add(-68);
  Reading quiet = dated(10);
  quiet.has_visits = false;
  SendContext context = of_unit();
  context.boot_unix_s = 1769600000;
  context.cell_rssi_dbm = -85;
  context.ack = "c7";
  FixedText<kBatchJsonMax> body;
  ReadingBatch batch(body, context);
  CHECK(batch.add(reading, 303));
  CHECK(batch.add(quiet, 3));
  batch.end();
  CHECK_EQ(body.view(), R"({"d":"JBNB0001","fw":"6.0.0","bt":1769600000,"cell_rssi":-85,"cd":95,)"
                        R"("sf":0,"ack":"c7","r":[)"
                        R"([9,1769605200,303,450,120,7,1,2,3,4,30,31,32,33,200,85,56,29,)"
                        R"(-62,-88,-45,-68,4,23],)"
                        R"([10,1769605500,3,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,null,null,null,null]]})");
}

TEST(batch_takes_no_more_than_twelve_and_none_without_a_date) {
  FixedText<kBatchJsonMax> body;
  ReadingBatch batch(body, of_unit());
  Reading undated = dated(1);
  undated.start_unix_s = 0;
  CHECK(!batch.add(undated, 1));
  for (std::uint32_t seq = 1; seq <= kBatchMax; ++seq) CHECK(batch.add(dated(seq), 60));
  CHECK(!batch.add(dated(13), 60));
  CHECK_EQ(batch.size(), kBatchMax);
  batch.end();
  CHECK(!body.truncated());
}

TEST(batch_of_a_busy_store_has_room_for_twelve) {
  Reading busy = largest();
  Counts& c = busy.counts;
  busy.seq = 105'000;  // a year of five-minute readings
  for (std::uint32_t* count :
       {&c.impressions, &c.device_minutes, &c.overflow, &c.ble_impressions, &c.ble_device_minutes,
        &c.ble_apple, &c.ble_other, &c.visits, &c.occupancy_x10, &c.stays[0], &c.stays[1],
        &c.stays[2], &c.stays[3], &c.zones[0], &c.zones[1], &c.zones[2], &c.zones[3]}) {
    *count = 9'999;
  }
  SendContext context = of_unit();
  context.device_id = "JBNB99999999";
  context.boot_unix_s = 4294967295;
  context.cell_rssi_dbm = -113;
  FixedText<kBatchJsonMax> body;
  ReadingBatch batch(body, context);
  while (batch.add(busy, 28'800)) continue;
  CHECK_EQ(batch.size(), kBatchMax);
}

TEST(batch_of_the_largest_readings_ends_where_the_room_does) {
  SendContext context = of_unit();
  context.device_id = "JBNB99999999";
  context.firmware = "6.0.0-and-some-more-of-thirty-two";
  context.ack = "0123456789012345678901234567890123456789";
  context.boot_unix_s = 4294967295;
  context.cell_rssi_dbm = -113;
  context.queued_behind = context.send_failures = kCountMax;
  FixedText<kBatchJsonMax> body;
  ReadingBatch batch(body, context);
  while (batch.add(largest(), 4294967295)) continue;
  batch.end();
  CHECK_EQ(batch.size(), 8u);
  CHECK(!body.truncated());
  CHECK(body.view().substr(body.size() - 3) == "]]}");
}
