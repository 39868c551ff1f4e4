// Receivers that do not listen: when one counts as broken, and when the chip is to restart for it.
#include "core/capture/radio_health.h"

#include "core/capture/schedule.h"
#include "host/fake_ports.h"
#include "host/test.h"

// Its own name, not an unnamed one: all tests are compiled as one file.
namespace jambox::radio_health_test {

using namespace jambox::test;

constexpr std::uint32_t kMiddle = 0x7FFF;  // of the jitter: none
constexpr Millis kMinuteMs = 60'000;

struct Unit {
  FakeKeyValue& kv;
  FakeRadio radio;
  RadioHealth health{kv};
  RadioSchedule schedule{radio, health};
  std::vector<Millis> restarts;
  Millis now = 0;

  explicit Unit(FakeKeyValue& store) : kv(store) {
    health.start();
    schedule.start(0);
  }
  void run(Millis span) {
    for (const Millis end = now + span; now < end; now += 500) {
      Wake wake(now);
      schedule.tick(now, wake);
      if (health.tick(now, kMiddle, wake)) restarts.push_back(now);
    }
  }
};

TEST(receivers_that_listen_are_not_broken_and_restart_nothing) {
  FakeKeyValue kv;
  Unit unit(kv);
  unit.run(60 * kMinuteMs);
  CHECK_EQ(unit.health.broken(), 0);
  CHECK(unit.restarts.empty());
  CHECK(kv.state.empty());
}

TEST(a_receiver_is_tried_at_each_turn_and_broken_after_a_minute) {
  FakeKeyValue kv;
  Unit unit(kv);
  unit.radio.wifi_works = false;
  unit.run(RadioHealth::kBrokenMs - 1000);
  CHECK_EQ(unit.health.broken(), 0);
  CHECK(unit.radio.modes.size() > 15);  // each hop is another try
  unit.run(2000);
  CHECK_EQ(unit.health.broken(), RadioHealth::kWifi);
  unit.radio.ble_works = false;
  unit.run(2 * kMinuteMs);
  CHECK_EQ(unit.health.broken(), RadioHealth::kWifi | RadioHealth::kBle);
  unit.radio.wifi_works = unit.radio.ble_works = true;
  unit.run(RadioSchedule::kCycleMs);
  CHECK_EQ(unit.health.broken(), 0);
}

TEST(a_receiver_that_fails_now_and_then_is_not_broken) {
  FakeKeyValue kv;
  Unit unit(kv);
  for (int turn = 0; turn < 40; ++turn) {
    unit.radio.wifi_works = turn % 2 != 0;
    unit.run(15'000);
    CHECK_EQ(unit.health.broken(), 0);
  }
}

TEST(the_chip_restarts_once_a_start_and_each_time_later) {
  FakeKeyValue kv;
  const Millis waits[] = {4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440};
  for (const Millis wait : waits) {
    Unit unit(kv);  // a new start of the unit
    unit.radio.ble_works = false;
    unit.run(27 * 60 * kMinuteMs);
    CHECK_EQ(unit.restarts.size(), 1u);
    if (unit.restarts.size() != 1) return;
    // The first try of BLE is at 29 s, broken a minute later.
    const Millis expected = 29'000 + RadioHealth::kBrokenMs + wait * kMinuteMs;
    CHECK(unit.restarts[0] >= expected && unit.restarts[0] < expected + kMinuteMs);
  }
}

TEST(after_its_restart_a_receiver_is_broken_until_it_listens) {
  FakeKeyValue kv;
  Unit sick(kv);
  sick.radio.ble_works = false;
  sick.run(10 * kMinuteMs);
  Unit unit(kv);
  unit.run(1000);
  CHECK_EQ(unit.health.broken(), RadioHealth::kBle);
  unit.run(kMinuteMs);
  CHECK_EQ(unit.health.broken(), 0);
}

TEST(a_restart_that_helped_is_forgotten) {
  FakeKeyValue kv;
  for (int time = 0; time < 3; ++time) {
    Unit sick(kv);
    sick.radio.wifi_works = false;
    sick.run(10 * kMinuteMs);
    CHECK_EQ(sick.restarts.size(), 1u);
    Unit well(kv);
    well.run(kMinuteMs);
    CHECK(well.restarts.empty());
  }
}

TEST(who_recovers_without_the_restart_is_restarted_for_the_next_time) {
  FakeKeyValue kv;
  Unit unit(kv);
  for (std::size_t time = 1; time <= 2; ++time) {
    unit.radio.wifi_works = false;
    unit.run(10 * kMinuteMs);
    CHECK_EQ(unit.restarts.size(), time);
    unit.radio.wifi_works = true;
    unit.run(kMinuteMs);
  }
}

}  // namespace jambox::radio_health_test
