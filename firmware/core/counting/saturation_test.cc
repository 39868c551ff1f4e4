// Every count stops at its limit: none wraps, none falls back, and what the codec and the JSON say
// at the limits is what was counted.
#include <limits>
#include <memory>
#include <string>

#include "core/counting/traffic_counter.h"
#include "core/reading/reading_codec.h"
#include "core/visits/visit_estimator.h"
#include "host/fake_ports.h"
#include "host/test.h"

namespace jambox {

// Ten million frames would take a test minutes: it begins near the limit instead.
struct CountsAccess {
  static Counts& of(TrafficCounter& counter) { return counter.counts_; }
};

struct VisitsAccess {
  static float& visits(VisitEstimator& estimator) { return estimator.visits_; }
  static float& person_s(VisitEstimator& estimator) { return estimator.person_s_; }
};

}  // namespace jambox

namespace jambox::saturation_test {

using namespace jambox::test;

using Crowd = TrafficCounter;

void fill_wifi(Crowd& counter) {
  for (std::uint32_t i = 0; i < Crowd::WifiTable::kCapacity; ++i) {
    counter.on_frame(probe_frame(100 + i, -60), 1);
  }
}

void fill_ble(Crowd& counter) {
  for (std::uint32_t i = 0; i < Crowd::BleTable::kCapacity; ++i) {
    counter.on_frame(ble_frame(100 + i, -60, true), 1);
  }
}

// One device heard in minute 1 and `minutes` later, then no more.
template <std::uint32_t minutes>
void stay(Crowd& counter) {
  counter.on_frame(probe_frame(1, -60), 1);
  for (std::uint32_t m = 2; m <= 1 + minutes; ++m) counter.on_frame(probe_frame(1, -60), m);
  counter.on_minute(100);
}

template <int rssi_dbm>
void probe(Crowd& counter) {
  counter.on_frame(probe_frame(1, rssi_dbm), 1);
}

struct Case {
  const char* name;
  std::uint32_t Counts::*plain;  // null: element `at` of `row`
  std::uint32_t (Counts::*row)[4];
  int at;
  void (*raise)(Crowd&);
  void (*prepare)(Crowd&);
};

// Every number of Counts but the estimates, which are no sums of frames.
const Case kCases[] = {
    {"impressions", &Counts::impressions, nullptr, 0, probe<-60>, nullptr},
    {"device_minutes", &Counts::device_minutes, nullptr, 0, probe<-60>, nullptr},
    {"immediate", nullptr, &Counts::zones, 0, probe<-40>, nullptr},
    {"near", nullptr, &Counts::zones, 1, probe<-60>, nullptr},
    {"far", nullptr, &Counts::zones, 2, probe<-70>, nullptr},
    {"remote", nullptr, &Counts::zones, 3, probe<-90>, nullptr},
    {"near after far", nullptr, &Counts::zones, 1, probe<-60>, probe<-70>},
    {"0-1 min", nullptr, &Counts::stays, 0, stay<0>, nullptr},
    {"1-5 min", nullptr, &Counts::stays, 1, stay<1>, nullptr},
    {"5-10 min", nullptr, &Counts::stays, 2, stay<5>, nullptr},
    {"10+ min", nullptr, &Counts::stays, 3, stay<10>, nullptr},
    {"static", &Counts::rejected_static, nullptr, 0,
     [](Crowd& c) { c.on_frame(probe_frame(1, -60, false), 1); }, nullptr},
    {"overflow of Wi-Fi", &Counts::overflow, nullptr, 0, probe<-60>, fill_wifi},
    {"overflow of BLE", &Counts::overflow, nullptr, 0,
     [](Crowd& c) { c.on_frame(ble_frame(1, -60, true), 1); }, fill_ble},
    {"ble_impressions", &Counts::ble_impressions, nullptr, 0,
     [](Crowd& c) { c.on_frame(ble_frame(1, -60, true), 1); }, nullptr},
    {"ble_device_minutes", &Counts::ble_device_minutes, nullptr, 0,
     [](Crowd& c) { c.on_frame(ble_frame(1, -60, true), 1); }, nullptr},
    {"ble_apple", &Counts::ble_apple, nullptr, 0,
     [](Crowd& c) { c.on_frame(ble_frame(1, -60, true), 1); }, nullptr},
    {"ble_other", &Counts::ble_other, nullptr, 0,
     [](Crowd& c) { c.on_frame(ble_frame(1, -60, false), 1); }, nullptr},
};

std::uint32_t& count_of(Counts& counts, const Case& c) {
  return c.plain != nullptr ? counts.*c.plain : (counts.*c.row)[c.at];
}

// Every count of one, so that none is forgotten when one is added.
template <typename Visit>
void each(Counts& c, Visit visit) {
  visit(c.impressions), visit(c.device_minutes), visit(c.visits), visit(c.occupancy_x10);
  for (auto& zone : c.zones) visit(zone);
  for (auto& ended : c.stays) visit(ended);
  visit(c.rejected_static), visit(c.overflow), visit(c.ble_impressions);
  visit(c.ble_device_minutes), visit(c.ble_apple), visit(c.ble_other);
}
static_assert(sizeof(Counts) == 18 * sizeof(std::uint32_t) + 2 * sizeof(RssiStats),
              "a count was added: say so in each() and in kCases");

void fill(Counts& counts, std::uint32_t value) {
  each(counts, [value](std::uint32_t& count) { count = value; });
}

TEST(every_count_rises_and_stops_at_its_limit) {
  for (const Case& c : kCases) {
    const auto counter = std::make_unique<Crowd>();
    if (c.prepare != nullptr) c.prepare(*counter);
    Counts& counts = CountsAccess::of(*counter);
    const std::uint32_t before = count_of(counts, c);
    c.raise(*counter);
    CHECK_EQ(std::string(c.name) + " " + std::to_string(count_of(counts, c) > before),
             std::string(c.name) + " 1");
    for (const std::uint32_t near : {kCountMax - 1, kCountMax}) {
      const auto full = std::make_unique<Crowd>();
      if (c.prepare != nullptr) c.prepare(*full);
      fill(CountsAccess::of(*full), near);
      c.raise(*full);
      CHECK_EQ(std::string(c.name) + " " + std::to_string(count_of(CountsAccess::of(*full), c)),
               std::string(c.name) + " " + std::to_string(kCountMax));
    }
  }
}

TEST(at_the_limit_nothing_that_happens_moves_any_count) {
  for (const Case& c : kCases) {
    const auto counter = std::make_unique<Crowd>();
    if (c.prepare != nullptr) c.prepare(*counter);
    fill(CountsAccess::of(*counter), kCountMax);
    c.raise(*counter);
    counter->forget();
    each(CountsAccess::of(*counter), [](std::uint32_t& count) { CHECK_EQ(count, kCountMax); });
  }
}

TEST(a_zone_below_its_limit_gives_a_device_that_comes_nearer_to_the_next) {
  const auto counter = std::make_unique<Crowd>();
  probe<-70>(*counter);
  CHECK_EQ(counter->counts().zones[2], 1u);
  probe<-60>(*counter);
  CHECK_EQ(counter->counts().zones[2], 0u);
  CHECK_EQ(counter->counts().zones[1], 1u);
  std::uint32_t none = 0;
  count_down(none);
  CHECK_EQ(none, 0u);
}

TEST(counting_by_more_than_one_stops_at_the_limit_too) {
  constexpr std::uint32_t kSteps[] = {0, 1, kCountMax - 1, kCountMax, 0xFFFFFFFF};
  for (const std::uint32_t by : kSteps) {
    for (const std::uint32_t from : kSteps) {
      std::uint32_t counter = from;
      count_up(counter, by);
      const std::uint64_t sum = static_cast<std::uint64_t>(from) + by;
      CHECK_EQ(counter, sum < kCountMax ? sum : kCountMax);
    }
  }
}

TEST(signal_statistics_stop_at_the_limit_and_keep_their_mean) {
  for (const std::int8_t rssi : {std::int8_t{-128}, std::int8_t{127}}) {
    const std::int64_t sum = static_cast<std::int64_t>(rssi) * (kCountMax - 1);
    RssiStats stats = RssiStats::of(kCountMax - 1, sum, rssi, rssi);
    for (int i = 0; i < 3; ++i) stats.add(rssi);
    CHECK_EQ(stats.count(), kCountMax);
    CHECK_EQ(stats.sum(), static_cast<std::int64_t>(rssi) * kCountMax);
    CHECK_EQ(stats.mean(), rssi);
    CHECK(stats.sum() >= std::numeric_limits<std::int32_t>::min());
    CHECK(stats.sum() <= std::numeric_limits<std::int32_t>::max());
  }
}

// A visit of five minutes near by, from `start_ms` on.
void visit(VisitEstimator& estimator, Millis start_ms) {
  for (Millis now = start_ms; now < start_ms + 300'000; now += 1000) {
    if (now % 30'000 == 0) estimator.on_frame(probe_frame(7, -50), now);
    estimator.tick(now);
  }
}

TEST(the_estimate_stops_at_the_limit_and_carries_nothing_beyond_it) {
  const auto estimator = std::make_unique<VisitEstimator>();
  VisitsAccess::visits(*estimator) = static_cast<float>(kCountMax);
  VisitsAccess::person_s(*estimator) = 1e9f;
  visit(*estimator, 30'000);
  const VisitEstimate estimate = estimator->close_period(1);
  CHECK_EQ(estimate.visits, kCountMax);
  CHECK_EQ(estimate.occupancy_x10, kCountMax);
  CHECK_EQ(estimator->close_period(1).visits, 0u);
  visit(*estimator, 3'600'000);
  CHECK_EQ(estimator->close_period(300'000).visits, 1u);
}

Reading reading_at_its_limits() {
  Reading reading;
  reading.seq = reading.boot = 0xFFFFFFFFu;
  reading.start = reading.end = (1ull << 48) - 1;
  reading.start_unix_s = 0xFFFFFFFFll;
  fill(reading.counts, kCountMax);
  const std::int64_t sum = -128ll * kCountMax;
  reading.counts.probe_rssi = RssiStats::of(kCountMax, sum, -128, -128);
  reading.counts.ble_rssi = RssiStats::of(kCountMax, -sum - kCountMax, 127, 127);
  return reading;
}

TEST(the_journal_keeps_every_count_at_its_limit) {
  const Reading reading = reading_at_its_limits();
  std::uint8_t body[kReadingBodyBytes];
  encode_reading(reading, {0xFFFFFFFFu, 0xFFFFFFFFu}, body);
  auto entry = decode_reading(body);
  CHECK(entry.has_value());
  if (!entry) return;
  Reading& found = entry->reading;
  each(found.counts, [](std::uint32_t& count) { CHECK_EQ(count, kCountMax); });
  CHECK_EQ(found.seq, reading.seq);
  CHECK_EQ(found.boot, reading.boot);
  CHECK_EQ(found.start, reading.start);
  CHECK_EQ(found.end, reading.end);
  CHECK_EQ(found.start_unix_s, reading.start_unix_s);
  CHECK_EQ(found.counts.probe_rssi.count(), kCountMax);
  CHECK_EQ(found.counts.probe_rssi.mean(), -128);
  CHECK_EQ(found.counts.ble_rssi.mean(), 127);
  CHECK_EQ(entry->context.dropped, 0xFFFFFFFFu);
}

TEST(the_journal_keeps_each_count_in_a_place_of_its_own) {
  Reading reading;
  std::uint32_t next = 1;
  each(reading.counts, [&next](std::uint32_t& count) { count = 0x0A0A0A * next++; });
  std::uint8_t body[kReadingBodyBytes];
  encode_reading(reading, {}, body);
  auto entry = decode_reading(body);
  CHECK(entry.has_value());
  if (!entry) return;
  next = 1;
  each(entry->reading.counts, [&next](std::uint32_t& count) {
    const std::uint32_t written = 0x0A0A0A * next++;
    CHECK_EQ(count, written < kCountMax ? written : kCountMax);
  });
}

TEST(the_reading_body_fits_at_all_limits) {
  SendContext context;
  context.device_id = "JBNB0001";
  context.firmware = "0123456789012345678901234567890x";  // 32: the API's limit
  context.ack = "0123456789012345678901234567890123456789";
  context.boot_unix_s = 0xFFFFFFFFll;
  context.cell_rssi_dbm = -127;
  context.queued_behind = context.send_failures = kCountMax;
  context.age_s = 0xFFFFFFFFll;
  Reading reading = reading_at_its_limits();
  reading.counts.ble_rssi = reading.counts.probe_rssi;
  FixedText<2 * kReadingJsonMax> roomy;
  add_reading_json(roomy, reading, context);
  CHECK(roomy.view().size() <= kReadingJsonMax);
  FixedText<kReadingJsonMax> body;
  add_reading_json(body, reading, context);
  CHECK(!body.truncated());
  CHECK_EQ(body.view(), roomy.view());
}

}  // namespace jambox::saturation_test
