// Device counting against a naive reference that remembers everything.
#include <map>
#include <memory>
#include <set>

#include "core/counting/traffic_counter.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

// The definitions, written down as directly as they can be.
struct Reference {
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> strongest;  // (device, minute) → RSSI
  std::map<std::uint32_t, std::set<std::uint32_t>> minutes;          // device → minutes heard
  std::uint32_t impressions = 0;

  void on_probe(std::uint32_t device, int rssi, std::uint32_t minute) {
    ++impressions;
    const auto [at, is_new] = strongest.insert({{device, minute}, rssi});
    if (!is_new && rssi > at->second) at->second = rssi;
    minutes[device].insert(minute);
  }

  Counts counts(std::uint32_t last_minute) const {
    Counts c;
    c.impressions = impressions;
    for (const auto& [key, rssi] : strongest) {
      ++c.device_minutes;
      ++c.zones[rssi > -50 ? 0 : rssi > -65 ? 1 : rssi >= -80 ? 2 : 3];
    }
    for (const auto& [device, heard] : minutes) {
      std::uint32_t first = *heard.begin();
      std::uint32_t last = first;
      for (const std::uint32_t minute : heard) {
        if (minute - last > TrafficCounter::kAbsentMinutes) {
          end_stay(c, first, last);
          first = minute;
        }
        last = minute;
      }
      if (last_minute - last > TrafficCounter::kAbsentMinutes) end_stay(c, first, last);
    }
    return c;
  }

  static void end_stay(Counts& c, std::uint32_t first, std::uint32_t last) {
    const std::uint32_t stay = last - first;
    ++c.stays[stay < 1 ? 0 : stay < 5 ? 1 : stay < 10 ? 2 : 3];
  }
};

void check_equal(const Counts& got, const Counts& want) {
  CHECK_EQ(got.impressions, want.impressions);
  CHECK_EQ(got.device_minutes, want.device_minutes);
  for (int i = 0; i < 4; ++i) CHECK_EQ(got.zones[i], want.zones[i]);
  for (int i = 0; i < 4; ++i) CHECK_EQ(got.stays[i], want.stays[i]);
}

std::unique_ptr<TrafficCounter> new_counter() { return std::make_unique<TrafficCounter>(); }

}  // namespace

TEST(counting_agrees_with_a_naive_reference) {
  FakeSystem random;
  for (int round = 0; round < 10; ++round) {
    const auto counter = new_counter();
    Reference reference;
    const std::uint32_t devices = 1 + random.random() % 400;
    for (std::uint32_t minute = 1; minute <= 60; ++minute) {
      counter->on_minute(minute);
      const std::uint32_t frames = random.random() % 200;
      for (std::uint32_t i = 0; i < frames; ++i) {
        const std::uint32_t device = random.random() >> 8 % devices;
        const int rssi = -30 - static_cast<int>((random.random() >> 8) % 65);
        counter->on_frame(probe_frame(device % devices, static_cast<std::int8_t>(rssi)), minute);
        reference.on_probe(device % devices, rssi, minute);
      }
    }
    counter->on_minute(61);
    check_equal(counter->counts(), reference.counts(61));
    counter->on_minute(200);
    check_equal(counter->counts(), reference.counts(200));
  }
}

TEST(periods_add_up_to_the_whole) {
  FakeSystem random;
  const auto whole = new_counter();
  const auto split = new_counter();
  Counts sum;
  for (std::uint32_t minute = 1; minute <= 40; ++minute) {
    whole->on_minute(minute);
    split->on_minute(minute);
    for (int i = 0; i < 100; ++i) {
      const RadioFrame frame = probe_frame((random.random() >> 8) % 60, -70);
      whole->on_frame(frame, minute);
      split->on_frame(frame, minute);
      // Closing in the middle of a minute must not count its devices twice.
      if (i % 37 != 0) continue;
      const Counts part = split->close_period();
      sum.impressions += part.impressions;
      sum.device_minutes += part.device_minutes;
      for (int k = 0; k < 4; ++k) sum.zones[k] += part.zones[k], sum.stays[k] += part.stays[k];
    }
  }
  whole->on_minute(99);
  split->on_minute(99);
  const Counts part = split->close_period();
  sum.impressions += part.impressions;
  sum.device_minutes += part.device_minutes;
  for (int k = 0; k < 4; ++k) sum.zones[k] += part.zones[k], sum.stays[k] += part.stays[k];
  check_equal(sum, whole->counts());
}

TEST(static_addresses_are_only_numbered) {
  const auto counter = new_counter();
  for (std::uint32_t i = 0; i < 5; ++i) counter->on_frame(probe_frame(i, -40, false), 1);
  CHECK_EQ(counter->counts().rejected_static, 5u);
  CHECK_EQ(counter->counts().impressions, 0u);
  CHECK_EQ(counter->counts().device_minutes, 0u);
  CHECK(!counter->counts().probe_rssi.any());
}

// A beacon on the wall is heard every minute of every day, and is nobody.
TEST(fixed_ble_addresses_are_only_numbered) {
  const auto counter = new_counter();
  RadioFrame beacon = ble_frame(1, -40, false);
  beacon.bytes[6] = 0xDA;  // static random
  RadioFrame tv = ble_frame(2, -40, false, false);
  for (std::uint32_t minute = 1; minute <= 5; ++minute) {
    counter->on_frame(beacon, minute);
    counter->on_frame(tv, minute);
    counter->on_frame(ble_frame(3, -40, true), minute);
  }
  CHECK_EQ(counter->counts().rejected_static, 10u);
  CHECK_EQ(counter->counts().ble_impressions, 5u);
  CHECK_EQ(counter->counts().ble_device_minutes, 5u);
  CHECK_EQ(counter->counts().ble_apple, 5u);
  CHECK_EQ(counter->counts().ble_other, 0u);
}

TEST(thresholds_lie_where_the_backend_puts_them) {
  const auto counter = new_counter();
  const std::int8_t rssi[] = {-49, -50, -64, -65, -79, -80, -127};
  for (std::uint32_t i = 0; i < 7; ++i) counter->on_frame(probe_frame(i, rssi[i]), 1);
  const Counts& c = counter->counts();
  CHECK_EQ(c.zones[0], 1u);
  CHECK_EQ(c.zones[1], 2u);
  CHECK_EQ(c.zones[2], 3u);  // −65, −79 and −80
  CHECK_EQ(c.zones[3], 1u);
}

TEST(a_full_table_counts_overflow_and_recovers) {
  const auto counter = new_counter();
  const auto capacity = static_cast<std::uint32_t>(TrafficCounter::WifiTable::kCapacity);
  for (std::uint32_t i = 0; i < capacity + 10; ++i) counter->on_frame(probe_frame(i, -60), 1);
  CHECK_EQ(counter->counts().overflow, 10u);
  CHECK_EQ(counter->counts().device_minutes, capacity);
  CHECK_EQ(counter->counts().impressions, capacity + 10);
  counter->on_minute(30);
  CHECK_EQ(counter->counts().stays[0], capacity);
  counter->on_frame(probe_frame(99999, -60), 30);
  CHECK_EQ(counter->counts().device_minutes, capacity + 1);
}

TEST(a_full_bluetooth_table_counts_overflow_and_recovers_with_the_minute) {
  const auto counter = new_counter();
  const auto capacity = static_cast<std::uint32_t>(TrafficCounter::BleTable::kCapacity);
  for (std::uint32_t i = 0; i < capacity + 7; ++i) counter->on_frame(ble_frame(i, -60, true), 1);
  counter->on_frame(ble_frame(0, -60, true), 1);  // known: no overflow
  CHECK_EQ(counter->counts().overflow, 7u);
  CHECK_EQ(counter->counts().ble_device_minutes, capacity);
  CHECK_EQ(counter->counts().ble_impressions, capacity + 8);
  counter->on_frame(ble_frame(capacity + 1, -60, true), 2);
  CHECK_EQ(counter->counts().overflow, 7u);
  CHECK_EQ(counter->counts().ble_device_minutes, capacity + 1);
}

TEST(thresholds_can_be_set_while_counting) {
  const auto counter = new_counter();
  counter->on_frame(probe_frame(1, -60), 1);  // near
  Thresholds wide;
  wide.zone_dbm[0] = -60, wide.zone_dbm[1] = -75, wide.zone_dbm[2] = -90;
  wide.stay_minutes[0] = 3;
  CHECK(counter->set_thresholds(wide));
  const std::int8_t rssi[] = {-59, -60, -75, -90, -91};
  for (std::uint32_t i = 0; i < 5; ++i) counter->on_frame(probe_frame(10 + i, rssi[i]), 1);
  counter->on_frame(probe_frame(1, -70), 3);  // was there in minute 1 already
  const Counts& c = counter->counts();
  CHECK_EQ(c.zones[0], 1u);
  CHECK_EQ(c.zones[1], 3u);
  CHECK_EQ(c.zones[2], 2u);
  CHECK_EQ(c.zones[3], 1u);
  counter->on_minute(30);
  CHECK_EQ(c.stays[0], 6u);  // two minutes are below the new first border
}

TEST(thresholds_out_of_order_change_nothing) {
  const std::int8_t zones[][3] = {{-65, -65, -80}, {-50, -80, -80}, {-50, -80, -65},
                                  {0, -65, -80},   {5, -65, -80},   {-50, -65, -128}};
  const std::uint16_t stays[][3] = {{0, 5, 10}, {5, 5, 10}, {1, 10, 10}, {10, 5, 1}};
  const auto counter = new_counter();
  const auto refused = [&](const Thresholds& wrong) {
    CHECK(!wrong.valid());
    CHECK(!counter->set_thresholds(wrong));
    CHECK_EQ(counter->thresholds().zone_dbm[1], -65);
    CHECK_EQ(counter->thresholds().stay_minutes[1], 5);
  };
  for (const auto& zone : zones) {
    Thresholds wrong;
    for (int i = 0; i < 3; ++i) wrong.zone_dbm[i] = zone[i];
    refused(wrong);
  }
  for (const auto& minutes : stays) {
    Thresholds wrong;
    for (int i = 0; i < 3; ++i) wrong.stay_minutes[i] = minutes[i];
    refused(wrong);
  }
  CHECK(counter->set_thresholds(Thresholds{}));
}

TEST(rssi_statistics_round_to_the_nearest) {
  RssiStats stats;
  for (const int rssi : {-60, -61, -61}) stats.add(static_cast<std::int8_t>(rssi));
  CHECK_EQ(stats.mean(), -61);
  CHECK_EQ(stats.min(), -61);
  CHECK_EQ(stats.max(), -60);
}

TEST(ble_counts_devices_per_minute_and_maker) {
  const auto counter = new_counter();
  for (int i = 0; i < 3; ++i) {
    counter->on_frame(ble_frame(1, -50, true), 1);
    counter->on_frame(ble_frame(2, -70, false), 1);
    counter->on_frame(ble_frame(3, -70, true, false), 1);  // a public address
  }
  counter->on_frame(ble_frame(1, -50, true), 2);
  const Counts& c = counter->counts();
  CHECK_EQ(c.ble_impressions, 7u);
  CHECK_EQ(c.ble_device_minutes, 3u);
  CHECK_EQ(c.ble_apple, 2u);
  CHECK_EQ(c.ble_other, 1u);
}

TEST(forgetting_ends_every_stay) {
  const auto counter = new_counter();
  counter->on_frame(probe_frame(1, -60), 1);
  counter->on_frame(probe_frame(1, -60), 4);
  counter->forget();
  CHECK_EQ(counter->counts().stays[1], 1u);
  counter->on_frame(probe_frame(1, -60), 4);
  CHECK_EQ(counter->counts().device_minutes, 3u);
}
