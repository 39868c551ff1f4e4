// Configuration: bounds, whole or not at all, kept over a restart, fetched when it must be.
#include "core/config/config_task.h"

#include <functional>

#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

const std::string kFull =
    R"({"config_version":4,"report_interval_ms":600000,"rssi_immediate_threshold":-45,)"
    R"("rssi_near_threshold":-60,"rssi_far_threshold":-85,"dwell_short_threshold":2,)"
    R"("dwell_medium_threshold":6,"dwell_long_threshold":20,"heartbeat_interval_ms":3600000,)"
    R"("wifi_channels":[1,13]})";

// `kFull` with the value of `key` replaced.
std::string with(const std::string& key, const std::string& value) {
  const std::size_t at = kFull.find("\"" + key + "\":") + key.size() + 3;
  const bool list = kFull[at] == '[';
  const std::size_t end = list ? kFull.find(']', at) + 1 : kFull.find_first_of(",}", at);
  return kFull.substr(0, at) + value + kFull.substr(end);
}

std::string without(const std::string& key) {
  const std::size_t at = kFull.find("\"" + key + "\":");
  return kFull.substr(0, at) + "\"x\":" + kFull.substr(at + key.size() + 3);
}

std::string stored_form(const Config& config) {
  FixedText<kStoredConfigMax + 16> text;
  add_stored_config(text, config);
  CHECK(!text.truncated());
  return std::string(text.view());
}

struct ConfigRig final : ConfigObserver {
  FakeKeyValue kv;
  Identity identity;
  std::vector<Config> used;
  std::vector<std::string> problems;
  ConfigTask task{kv, identity, *this};

  void on_config(const Config& config) override { used.push_back(config); }
  void on_config_problem(std::string_view why) override { problems.emplace_back(why); }
  void answer(int status, const std::string& body, Millis now) {
    task.on_answer({status, body, true, {}}, now, 0x8000);
  }
};

}  // namespace

TEST(config_is_read_whole) {
  Config config;
  CHECK_EQ(parse_config(kFull, config), "");
  CHECK_EQ(config.version, 4u);
  CHECK_EQ(config.report_interval_ms, 600000u);
  CHECK_EQ(config.heartbeat_interval_ms, 3600000u);
  CHECK_EQ(config.thresholds.zone_dbm[0], -45);
  CHECK_EQ(config.thresholds.zone_dbm[2], -85);
  CHECK_EQ(config.thresholds.stay_minutes[1], 6);
  CHECK_EQ(config.channels, 1u << 1 | 1u << 13);
}

TEST(config_without_the_long_keys_has_their_defaults) {
  Config config;
  CHECK_EQ(parse_config(R"({"config_version":3,"report_interval_ms":300000,)"
                        R"("rssi_immediate_threshold":-50,"rssi_near_threshold":-65,)"
                        R"("rssi_far_threshold":-80,"dwell_short_threshold":1,)"
                        R"("dwell_medium_threshold":5,"dwell_long_threshold":10})",
                        config),
           "");
  CHECK(config.same_counting(Config{}));
  CHECK_EQ(config.heartbeat_interval_ms, 86400000u);
}

TEST(config_takes_the_ends_of_each_range_and_nothing_beyond) {
  struct Range {
    const char* key;
    int min;
    int max;
  };
  // The whole must stay in order, hence one end only where the other collides with a neighbour.
  const Range ranges[] = {{"report_interval_ms", 60000, 3600000},
                          {"rssi_far_threshold", -90, -65},
                          {"dwell_long_threshold", 7, 30},
                          {"heartbeat_interval_ms", 3600000, 86400000}};
  for (const Range& range : ranges) {
    Config config;
    CHECK_EQ(parse_config(with(range.key, std::to_string(range.min)), config), "");
    CHECK_EQ(parse_config(with(range.key, std::to_string(range.max)), config), "");
    const int below = std::string(range.key) == "dwell_long_threshold" ? 4 : range.min - 1;
    CHECK(contains(parse_config(with(range.key, std::to_string(below)), config), range.key));
    const std::string beyond = with(range.key, std::to_string(range.max + 1));
    CHECK(contains(parse_config(beyond, config), range.key));
  }
}

TEST(config_that_breaks_a_rule_leaves_everything_as_it_was) {
  const std::string bad[] = {"",
                             "{}",
                             "[1]",
                             kFull.substr(0, kFull.size() - 1),
                             with("config_version", "0"),
                             with("config_version", "-1"),
                             with("config_version", "4294967296"),
                             with("config_version", "\"4\""),
                             with("report_interval_ms", "300000.5"),
                             with("report_interval_ms", "null"),
                             without("rssi_near_threshold"),
                             without("dwell_short_threshold"),
                             with("heartbeat_interval_ms", "1"),
                             with("heartbeat_interval_ms", "true"),
                             with("rssi_immediate_threshold", "-60"),
                             with("rssi_near_threshold", "-75") + "x",
                             with("dwell_medium_threshold", "2"),
                             with("dwell_long_threshold", "6"),
                             with("wifi_channels", "[]"),
                             with("wifi_channels", "[0]"),
                             with("wifi_channels", "[14]"),
                             with("wifi_channels", "[1,1]"),
                             with("wifi_channels", "[1,]"),
                             with("wifi_channels", "[\"1\"]"),
                             with("wifi_channels", "6"),
                             with("wifi_channels", "[[1]]")};
  for (const std::string& json : bad) {
    Config config;
    config.version = 77;
    CHECK(!parse_config(json, config).empty());
    CHECK_EQ(config.version, 77u);
    CHECK(config.same_counting(Config{}));
  }
}

TEST(config_survives_every_flipped_bit_on_the_air) {
  for (std::size_t at = 0; at < kFull.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = kFull;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      Config config;
      if (parse_config(bad, config).empty()) CHECK_EQ(problem_of(config), "");
    }
  }
}

TEST(stored_config_is_what_was_stored_or_nothing) {
  Config config;
  CHECK_EQ(parse_config(kFull, config), "");
  const std::string text = stored_form(config);
  Config read;
  CHECK(read_stored_config(text, read));
  CHECK(read.same_counting(config) && read.version == 4 && read.heartbeat_interval_ms == 3600000);
  for (std::size_t n = 0; n < text.size(); ++n) CHECK(!read_stored_config(text.substr(0, n), read));
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = text;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      Config untouched;
      CHECK(!read_stored_config(bad, untouched));
      CHECK_EQ(untouched.version, 0u);
    }
  }
}

TEST(stored_config_looks_as_the_format_page_says) {
  Config config;
  CHECK_EQ(parse_config(with("wifi_channels", "[1,6,13]"), config), "");
  CHECK_EQ(stored_form(config), "1,4,8258,600000,-45,-60,-85,2,6,20,3600000,3781545317");
}

TEST(config_is_fetched_for_another_version_and_kept_over_a_restart) {
  ConfigRig rig;
  rig.task.start();
  CHECK_EQ(rig.used.size(), 1u);
  CHECK_EQ(rig.task.wanted_at(), UplinkTask::kNever);
  rig.task.on_announced(4, 1000);
  CHECK(rig.task.wanted_at() <= 1000);
  rig.answer(200, kFull, 2000);
  CHECK_EQ(rig.used.back().version, 4u);
  rig.task.on_announced(4, 3000);
  CHECK_EQ(rig.task.wanted_at(), UplinkTask::kNever);
  ConfigRig after;
  after.kv.state = rig.kv.state;
  after.task.start();
  CHECK_EQ(after.used.back().version, 4u);
  CHECK_EQ(after.used.back().report_interval_ms, 600000u);
  after.task.on_announced(1, 0);  // the backend was set up anew
  CHECK_EQ(after.task.wanted_at(), 0u);
}

TEST(refused_config_changes_nothing_and_is_not_asked_for_again_and_again) {
  ConfigRig rig;
  rig.task.start();
  rig.task.on_announced(5, 0);
  rig.answer(200, with("rssi_far_threshold", "-10"), 0);
  CHECK_EQ(rig.problems.size(), 1u);
  CHECK_EQ(rig.used.size(), 1u);
  CHECK(rig.kv.state.empty());
  rig.task.on_announced(5, 300000);
  CHECK_EQ(rig.task.wanted_at(), UplinkTask::kNever);
  rig.task.on_announced(6, 600000);  // somebody mended it
  CHECK(rig.task.wanted_at() <= 600000);
  rig.answer(200, kFull, 600000);
  CHECK_EQ(rig.used.back().version, 4u);
  rig.task.on_announced(6, 600001);  // what is handed out is not what is announced
  CHECK_EQ(rig.task.wanted_at(), UplinkTask::kNever);
  rig.task.on_announced(6, 600000 + ConfigTask::kAgainMs);
  CHECK(rig.task.wanted_at() != UplinkTask::kNever);
  rig.task.fetch_now(700000);
  CHECK(rig.task.wanted_at() <= 700000);
}

TEST(config_fetches_back_off) {
  ConfigRig rig;
  rig.task.start();
  rig.task.on_announced(5, 0);
  Millis before = 0;
  for (int i = 0; i < 4; ++i) {
    rig.answer(0, "", before);
    const Millis pause = rig.task.wanted_at() - before;
    const Millis wait = 60000u << i;
    CHECK(pause >= wait / 4 * 3 && pause <= wait / 4 * 5);
    before = rig.task.wanted_at();
  }
  rig.answer(429, "", before);
  CHECK(rig.task.wanted_at() - before >= 2700000);
}

// NVS replaces an entry whole: before the write the old one is there, after it the new one.
TEST(power_cut_at_any_write_leaves_the_old_config_or_the_new_one) {
  Config config;
  CHECK_EQ(parse_config(kFull, config), "");
  for (const bool stored : {false, true}) {
    ConfigRig rig;
    rig.kv.state["config"] = stored_form(config);
    rig.task.start();
    rig.kv.full = !stored;  // the write does not happen
    rig.task.fetch_now(0);
    rig.answer(200, with("config_version", "9"), 0);
    CHECK_EQ(rig.used.back().version, 9u);
    CHECK_EQ(rig.problems.size(), stored ? 0u : 1u);
    ConfigRig after;
    after.kv.state = rig.kv.state;
    after.task.start();
    CHECK_EQ(after.used.back().version, stored ? 9u : 4u);
    CHECK(after.problems.empty());
  }
  ConfigRig torn;
  torn.kv.state["config"] = stored_form(config).substr(0, 30);
  torn.task.start();
  CHECK_EQ(torn.used.back().version, 0u);
  CHECK_EQ(torn.problems.size(), 1u);
}
