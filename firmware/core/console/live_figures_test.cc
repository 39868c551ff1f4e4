// Live figures: when they come, what they say.
#include "core/console/live_figures.h"

#include <memory>
#include <utility>

#include "host/fake_ports.h"
#include "host/test.h"

namespace jambox::live_figures_test {

using namespace jambox::test;

struct Rig {
  FakeConsole console;
  ConsoleStream stream{console};
  Events events{stream};
  TrafficCounter counter;
  LiveFigures live{events, counter};
  // What the bench is sent at `now`.
  std::string at(Millis now) {
    Wake wake(now);
    events.set_now(now);
    live.tick(now, wake);
    while (!stream.flushed()) stream.flush();
    return std::exchange(console.to_bench, "");
  }
};

TEST(live_figures_come_at_once_and_then_each_second) {
  const auto rig = std::make_unique<Rig>();
  rig->counter.on_frame(probe_frame(1, -60), 0);
  rig->counter.on_frame(probe_frame(1, -60), 0);
  CHECK_EQ(rig->at(5000), "");
  rig->live.set(true, 5000);
  CHECK_EQ(rig->at(5000),
           "\x1e{\"ev\":\"live\",\"t\":5000,\"impressions\":2,\"device_minutes\":1,"
           "\"rejected_static\":0,\"ble\":0}\n");
  CHECK_EQ(rig->at(5999), "");
  CHECK(contains(rig->at(6000), R"("impressions":2)"));
}

TEST(live_figures_wake_the_unit_only_while_they_are_wanted) {
  const auto rig = std::make_unique<Rig>();
  Wake idle(100);
  rig->live.tick(100, idle);
  const std::uint32_t unwanted = idle.delay_ms();
  rig->live.set(true, 100);
  rig->at(100);
  Wake wake(350);
  rig->live.tick(350, wake);
  CHECK_EQ(wake.delay_ms(), 750u);
  rig->live.set(false, 400);
  Wake later(400);
  rig->live.tick(400, later);
  CHECK_EQ(later.delay_ms(), unwanted);
  CHECK_EQ(rig->at(2000), "");
}

}  // namespace jambox::live_figures_test
