// The production program counts visits by the zones of its configuration.
#include <algorithm>
#include <memory>
#include <string>

#include "host/test.h"
#include "host/unit_life.h"

// Its own name, not an unnamed one: all tests are compiled as one file.
namespace jambox::zones_test {

using namespace jambox::test;

std::string config_with_near(int near_dbm) {
  return R"({"config_version":5,"report_interval_ms":300000,"rssi_immediate_threshold":-50,)"
         R"("rssi_near_threshold":)" +
         std::to_string(near_dbm) +
         R"(,"rssi_far_threshold":-80,"dwell_short_threshold":1,"dwell_medium_threshold":5,)"
         R"("dwell_long_threshold":10,"heartbeat_interval_ms":3600000,"wifi_channels":[1,6,11]})";
}

// Who stays at −70 dBm is far by default and near once the configuration says so.
TEST(the_near_threshold_of_the_config_says_who_visits) {
  for (const int near_dbm : {-65, -75}) {
    const auto life = std::make_unique<UnitLife>();
    life->config_version = 5;
    life->config = config_with_near(near_dbm);
    life->start();
    life->run_minutes(2);
    for (int i = 0; i < 40; ++i) {
      life->board.radio.frames.push_back(probe_frame(7, -70));
      life->run(30'000);
    }
    life->run_minutes(6);
    int visits = 0;
    int near = 0;
    int most = 0;
    for (const auto& [id, body] : life->stored) {
      visits += std::stoi(json_field(body, "vis"));
      near += std::stoi(json_field(body, "rssi_near"));
      most = std::max(most, std::stoi(json_field(body, "occ")));
    }
    CHECK_EQ(visits, near_dbm == -75 ? 1 : 0);
    CHECK_EQ(near > 0, near_dbm == -75);
    CHECK_EQ(most > 5, near_dbm == -75);
  }
}

}  // namespace jambox::zones_test
