// Readings: time alignment, queue order, the JSON body.
#include <memory>
#include <vector>

#include "core/reading/reading.h"
#include "core/reading/recorder.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

constexpr std::int64_t kNoon = 1769688000000;  // 2026-01-29T12:00:00Z

struct Rig {
  FakeRadio radio;
  TrafficCounter counter;
  WallClock clock;
  ReadingQueue queue;
  FakeKeyValue kv;
  VisitEstimator visits;
  Recorder recorder{{radio, counter, clock, queue, kv, visits}};

  void run(Millis from, Millis to, Millis step) {
    for (Millis now = from; now <= to; now += step) {
      Wake wake(now);
      clock.unix_ms(now);
      recorder.tick(now, wake);
    }
  }
  std::vector<Reading> take() {
    std::vector<Reading> readings;
    for (; !queue.empty(); queue.pop_front()) readings.push_back(queue.front());
    return readings;
  }
};

std::unique_ptr<Rig> new_rig() { return std::make_unique<Rig>(); }

}  // namespace

TEST(periods_end_at_five_minutes_of_civil_time) {
  const auto rig = new_rig();
  rig->recorder.start(0);
  rig->clock.sync(kNoon + 123456, 20000);  // 12:02:03.456, 20 s after boot
  rig->run(20000, 20000 + 900000, 437);
  const auto readings = rig->take();
  CHECK_EQ(readings.size(), 3u);
  CHECK_EQ(readings[0].start, 0u);
  CHECK_EQ(readings[0].start_unix_s, 0);  // known to the uplink, which knows the clock
  CHECK_EQ(readings[1].start_unix_s, (kNoon + 300000) / 1000);
  CHECK_EQ(readings[2].start_unix_s, (kNoon + 600000) / 1000);
  CHECK_EQ(readings[0].end, readings[1].start);
  CHECK_EQ(readings[1].end - readings[1].start, 300000u);
  CHECK_EQ(readings[2].seq, 3u);
}

TEST(unsynced_periods_last_five_minutes) {
  const auto rig = new_rig();
  rig->recorder.start(1000);
  rig->run(1000, 1000 + 1501000, 999);
  const auto readings = rig->take();
  CHECK_EQ(readings.size(), 5u);
  for (const Reading& reading : readings) CHECK_EQ(reading.end - reading.start, 300000u);
}

TEST(closing_on_demand_keeps_starts_apart) {
  const auto rig = new_rig();
  rig->clock.sync(kNoon + 60500, 1000);
  rig->recorder.start(1000);
  CHECK(!rig->recorder.close_now(1100));  // still the same second
  CHECK(rig->recorder.close_now(1600));
  CHECK(!rig->recorder.close_now(1700));
  CHECK(rig->recorder.close_now(2600));
  rig->run(2600, 600000, 500);
  const auto readings = rig->take();
  CHECK_EQ(readings.size(), 4u);
  for (std::size_t i = 1; i < readings.size(); ++i) {
    CHECK(readings[i].start_unix_s > readings[i - 1].start_unix_s);
    CHECK_EQ(readings[i].start, readings[i - 1].end);
  }
  CHECK_EQ(readings[3].start_unix_s % 300, 0);
}

TEST(starts_stay_apart_while_the_clock_is_corrected) {
  FakeSystem random;
  for (int round = 0; round < 20; ++round) {
    const auto rig = new_rig();
    rig->recorder.start(0);
    std::int64_t last = -1;
    Millis now = 0;
    for (int i = 0; i < 3000; ++i) {
      now += 1 + (random.random() >> 8) % 3000;
      if ((random.random() >> 8) % 40 == 0) {
        const auto error = static_cast<std::int64_t>((random.random() >> 8) % 8000) - 4000;
        rig->clock.sync(kNoon + static_cast<std::int64_t>(now) + error, now);
      }
      rig->clock.unix_ms(now);
      Wake wake(now);
      rig->recorder.tick(now, wake);
      if ((random.random() >> 8) % 50 == 0) rig->recorder.close_now(now);
      for (const Reading& reading : rig->take()) {
        if (reading.start_unix_s == 0) continue;
        CHECK(reading.start_unix_s > last);
        last = reading.start_unix_s;
      }
    }
  }
}

TEST(sequence_numbers_go_on_after_a_restart) {
  const auto rig = new_rig();
  rig->recorder.start(0);
  rig->recorder.close_now(2000);
  const auto again = new_rig();
  again->kv.state = rig->kv.state;
  again->recorder.start(0);
  again->recorder.close_now(2000);
  CHECK_EQ(again->queue.front().seq, 2u);
}

TEST(a_full_store_costs_no_reading) {
  const auto rig = new_rig();
  rig->kv.full = true;
  rig->recorder.start(0);
  CHECK(rig->recorder.close_now(2000));
  CHECK_EQ(rig->queue.size(), 1u);
}

TEST(midnight_forgets_every_device) {
  const auto rig = new_rig();
  rig->clock.sync(kNoon + 12 * 3600000 - 30000, 0);  // 23:59:30
  rig->recorder.start(0);
  rig->radio.frames.push_back(probe_frame(1, -60));
  rig->run(0, 40000, 1000);
  const auto readings = rig->take();
  CHECK_EQ(readings.size(), 1u);
  CHECK_EQ(readings[0].counts.device_minutes, 1u);
  CHECK_EQ(readings[0].counts.stays[0], 1u);
}

TEST(a_full_queue_drops_the_oldest_and_counts_it) {
  const auto queue = std::make_unique<ReadingQueue>();
  Reading reading;
  for (std::uint32_t seq = 1; seq <= ReadingQueue::kCapacity + 5; ++seq) {
    reading.seq = seq;
    queue->push(reading);
  }
  CHECK_EQ(queue->size(), ReadingQueue::kCapacity);
  CHECK_EQ(queue->dropped(), 5u);
  for (std::uint32_t seq = 6; !queue->empty(); ++seq, queue->pop_front()) {
    CHECK_EQ(queue->front().seq, seq);
  }
}

TEST(reading_body_has_the_keys_in_the_order_of_the_device_api) {
  Reading reading;
  reading.seq = 9;
  reading.start_unix_s = 1769602500;
  reading.end = 300000;
  Counts& c = reading.counts;
  c.impressions = 450;
  c.device_minutes = 120;
  c.visits = 4, c.occupancy_x10 = 23;
  for (const int rssi : {-88, -45, -53}) c.probe_rssi.add(static_cast<std::int8_t>(rssi));
  for (int i = 0; i < 4; ++i) c.stays[i] = static_cast<std::uint32_t>(i + 1), c.zones[i] = 30;
  c.ble_impressions = 200, c.ble_device_minutes = 85, c.ble_apple = 56, c.ble_other = 29;
  c.ble_rssi.add(-68);
  SendContext context;
  context.device_id = "JBNB0001";
  context.firmware = "6.0.0";
  context.ack = "c7";
  context.boot_unix_s = 1769600000;
  context.cell_rssi_dbm = -85;
  context.queued_behind = 2;
  context.send_failures = 1;
  context.now = 303999;
  FixedText<kReadingJsonMax> body;
  add_reading_json(body, reading, context);
  CHECK_EQ(body.view(),
           R"({"d":"JBNB0001","t":"2026-01-28T12:15:00Z","i":450,"u":120,)"
           R"("probe_rssi_avg":-62,"probe_rssi_min":-88,"probe_rssi_max":-45,"cell_rssi":-85,)"
           R"("dwell_0_1":1,"dwell_1_5":2,"dwell_5_10":3,"dwell_10plus":4,)"
           R"("rssi_immediate":30,"rssi_near":30,"rssi_far":30,"rssi_remote":30,)"
           R"("ble_i":200,"ble_u":85,"ble_apple":56,"ble_other":29,"ble_rssi_avg":-68,)"
           R"("of":0,"cd":2,"sf":1,"age":3,"ts":1,"bt":1769600000,"fw":"6.0.0",)"
           R"("vis":4,"occ":23,"seq":9,)"
           R"("ack":"c7"})");
}

TEST(the_longest_reading_body_fits) {
  Reading reading;
  reading.seq = 0xFFFFFFFFu;
  reading.start_unix_s = 1769602500;
  Counts& c = reading.counts;
  for (std::uint32_t* count : {&c.visits, &c.occupancy_x10, &c.impressions, &c.device_minutes,
                               &c.overflow, &c.ble_impressions, &c.ble_device_minutes, &c.ble_apple,
                               &c.ble_other, &c.stays[0], &c.stays[1], &c.stays[2], &c.stays[3],
                               &c.zones[0], &c.zones[1], &c.zones[2], &c.zones[3]}) {
    *count = kCountMax;
  }
  c.probe_rssi.add(-127);
  c.ble_rssi.add(-127);
  SendContext context;
  context.device_id = "JBNB99999999";
  context.firmware = "6.0.0-and-some-more-of-thirty-two";
  context.ack = "0123456789012345678901234567890123456789";
  context.boot_unix_s = 4294967295;
  context.cell_rssi_dbm = -113;
  context.queued_behind = context.send_failures = kCountMax;
  context.now = 4294967295000ull;
  FixedText<kReadingJsonMax> body;
  add_reading_json(body, reading, context);
  CHECK(!body.truncated());
}

TEST(what_was_not_measured_is_left_out) {
  Reading reading;
  reading.start = 65000;
  reading.end = 66000;
  SendContext context;
  context.device_id = "JBNB0001";
  context.firmware = "6.0.0";
  context.now = 66000;
  FixedText<kReadingJsonMax> body;
  add_reading_json(body, reading, context);
  const std::string_view view = body.view();
  CHECK(contains(view, R"("t":"1970-01-01T00:01:05Z")"));
  CHECK(contains(view, R"("ts":0)"));
  for (const std::string_view key : {"probe_rssi", "cell_rssi", "ble_rssi_avg", "bt", "ack"}) {
    CHECK(!contains(view, key));
  }
}
