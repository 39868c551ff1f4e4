// A new configuration takes effect in all that counts, and ends the running period only when it
// must.
#include "core/config/config_applier.h"

#include <algorithm>
#include <memory>

#include "host/fake_ports.h"
#include "host/test.h"

namespace jambox::config_applier_test {

using namespace jambox::test;

struct Rig {
  FakeRadio radio;
  FakeKeyValue kv;
  TrafficCounter counter;
  WallClock clock;
  ReadingQueue queue;
  VisitEstimator visits;
  Recorder recorder{{radio, counter, clock, queue, kv, visits}};
  RadioHealth health{kv};
  RadioSchedule schedule{radio, health};
  ConfigApplier applier{{recorder, counter, visits, schedule}};

  Rig() {
    recorder.start(0);
    schedule.start(0);
  }
  void run(Millis from, Millis to) {
    for (Millis now = from; now <= to; now += 500) {
      Wake wake(now);
      recorder.tick(now, wake);
      schedule.tick(now, wake);
    }
  }
};

std::unique_ptr<Rig> new_rig() { return std::make_unique<Rig>(); }

TEST(config_that_counts_the_same_way_ends_no_period) {
  const auto rig = new_rig();
  rig->run(0, 90'000);
  Config config;
  config.version = 7;
  config.heartbeat_interval_ms = 3'600'000;
  rig->applier.apply(config, 90'000);
  CHECK(rig->queue.empty());
  config.report_interval_ms = 60'000;
  rig->applier.apply(config, 91'000);
  CHECK_EQ(rig->queue.size(), 1u);
  rig->applier.apply(config, 95'000);
  CHECK_EQ(rig->queue.size(), 1u);
}

// A frame that waits in the receiver is not counted yet; one that was counted stays as it was.
TEST(config_sorts_by_its_thresholds_only_what_comes_after_it) {
  const auto rig = new_rig();
  rig->radio.frames.push_back(probe_frame(1, -70));
  rig->run(0, 90'000);
  Config config;
  config.thresholds.zone_dbm[1] = -75;
  rig->applier.apply(config, 90'000);
  rig->radio.frames.push_back(probe_frame(2, -70));
  rig->run(90'500, 120'000);
  rig->recorder.close_now(120'000);
  CHECK_EQ(rig->queue.size(), 2u);
  if (rig->queue.size() != 2) return;
  CHECK_EQ(rig->queue.front().counts.zones[2], 1u);
  CHECK_EQ(rig->queue.front().counts.zones[1], 0u);
  rig->queue.pop_front();
  CHECK_EQ(rig->queue.front().counts.zones[2], 0u);
  CHECK_EQ(rig->queue.front().counts.zones[1], 1u);
}

TEST(config_changes_interval_and_channels) {
  const auto rig = new_rig();
  rig->run(0, 90'000);
  Config config;
  config.report_interval_ms = 60'000;
  config.channels = 1u << 13;
  rig->applier.apply(config, 90'000);
  rig->radio.modes.clear();
  rig->run(93'000, 300'000);
  CHECK_EQ(rig->queue.size(), 4u);  // the one it ended, and one a minute
  for (const int mode : rig->radio.modes) CHECK(mode == 13 || mode == -1);
  CHECK(std::count(rig->radio.modes.begin(), rig->radio.modes.end(), 13) > 20);
}

}  // namespace jambox::config_applier_test
