// A unit's configuration, see config.h.
#include "core/config/config.h"

#include "core/base/crc.h"
#include "core/json/json_reader.h"

namespace jambox {

namespace {

struct Rule {
  std::string_view key;
  std::int64_t min;
  std::int64_t max;
  std::string_view problem;
};

enum Field { kInterval, kImmediate, kNear, kFar, kShort, kMedium, kLong, kHeartbeat, kFields };

// Order, keys and bounds of the device API.
constexpr Rule kRules[kFields] = {
    {"report_interval_ms", 60'000, 3'600'000, "report_interval_ms is not 60000 to 3600000"},
    {"rssi_immediate_threshold", -60, -30, "rssi_immediate_threshold is not -60 to -30"},
    {"rssi_near_threshold", -75, -50, "rssi_near_threshold is not -75 to -50"},
    {"rssi_far_threshold", -90, -65, "rssi_far_threshold is not -90 to -65"},
    {"dwell_short_threshold", 1, 5, "dwell_short_threshold is not 1 to 5"},
    {"dwell_medium_threshold", 2, 15, "dwell_medium_threshold is not 2 to 15"},
    {"dwell_long_threshold", 5, 30, "dwell_long_threshold is not 5 to 30"},
    {"heartbeat_interval_ms", 3'600'000, 86'400'000,
     "heartbeat_interval_ms is not 3600000 to 86400000"},
};

constexpr int kFirstChannel = 1;
constexpr int kLastChannel = 13;
constexpr std::int64_t kConfigVersionMax = 0xFFFFFFFFll;
constexpr std::string_view kStoredAs = "1";  // version of the stored form

struct Values {
  std::int64_t at[kFields];
};

Values values_of(const Config& c) {
  const Thresholds& t = c.thresholds;
  return {{c.report_interval_ms, t.zone_dbm[0], t.zone_dbm[1], t.zone_dbm[2], t.stay_minutes[0],
           t.stay_minutes[1], t.stay_minutes[2], c.heartbeat_interval_ms}};
}

std::string_view problem_of(const Values& v) {
  for (int i = 0; i < kFields; ++i) {
    if (v.at[i] < kRules[i].min || v.at[i] > kRules[i].max) return kRules[i].problem;
  }
  if (v.at[kImmediate] <= v.at[kNear] || v.at[kNear] <= v.at[kFar]) {
    return "rssi thresholds: immediate must be above near, near above far";
  }
  if (v.at[kShort] >= v.at[kMedium] || v.at[kMedium] >= v.at[kLong]) {
    return "dwell thresholds: short must be below medium, medium below long";
  }
  return {};
}

std::string_view problem_of_channels(ChannelSet channels) {
  constexpr ChannelSet kAll = (1u << (kLastChannel + 1)) - (1u << kFirstChannel);
  const bool possible = channels != 0 && (channels & ~kAll) == 0;
  return possible ? std::string_view() : "wifi_channels are not 1 to 13, at least one";
}

// Only after problem_of(values): the narrow fields hold them.
void put_values(const Values& v, Config& c) {
  c.report_interval_ms = static_cast<std::uint32_t>(v.at[kInterval]);
  c.heartbeat_interval_ms = static_cast<std::uint32_t>(v.at[kHeartbeat]);
  for (int i = 0; i < 3; ++i) {
    c.thresholds.zone_dbm[i] = static_cast<std::int8_t>(v.at[kImmediate + i]);
    c.thresholds.stay_minutes[i] = static_cast<std::uint16_t>(v.at[kShort + i]);
  }
}

// `[1,6,11]` → bits; 0 when it is no list of channels or names one twice.
ChannelSet channels_in(std::string_view list) {
  if (list.size() < 2 || list.front() != '[' || list.back() != ']') return 0;
  list = list.substr(1, list.size() - 2);
  ChannelSet channels = 0;
  do {
    const auto channel = parse_int(trim(take_until(list, ',')));
    if (!channel || *channel < kFirstChannel || *channel > kLastChannel) return 0;
    const auto bit = static_cast<ChannelSet>(1u << *channel);
    if ((channels & bit) != 0) return 0;
    channels = static_cast<ChannelSet>(channels | bit);
  } while (!list.empty());
  return channels;
}

}  // namespace

bool Config::same_counting(const Config& other) const {
  if (report_interval_ms != other.report_interval_ms || channels != other.channels) return false;
  const Values mine = values_of(*this);
  const Values theirs = values_of(other);
  for (int i = kImmediate; i <= kLong; ++i) {
    if (mine.at[i] != theirs.at[i]) return false;
  }
  return true;
}

std::string_view problem_of(const Config& config) {
  const std::string_view problem = problem_of(values_of(config));
  return problem.empty() ? problem_of_channels(config.channels) : problem;
}

std::string_view parse_config(std::string_view text, Config& out) {
  JsonObject json;
  if (!json.parse(text)) return "the configuration is not a JSON object";
  const auto version = json.integer("config_version");
  if (!version || *version < 1 || *version > kConfigVersionMax)
    return "config_version is no version";
  Values values = values_of(Config{});
  for (int i = 0; i < kFields; ++i) {
    const auto value = json.integer(kRules[i].key);
    if (value) values.at[i] = *value;
    else if (i != kHeartbeat || json.has(kRules[i].key)) return kRules[i].problem;
  }
  ChannelSet channels = Config{}.channels;
  if (json.has("wifi_channels")) channels = channels_in(json.raw("wifi_channels"));
  for (const std::string_view problem : {problem_of(values), problem_of_channels(channels)}) {
    if (!problem.empty()) return problem;
  }
  out.version = static_cast<std::uint32_t>(*version);
  out.channels = channels;
  put_values(values, out);
  return {};
}

void add_stored_config(TextBuilder& out, const Config& config) {
  FixedText<kStoredConfigMax> text;
  text.add(kStoredAs).add(',').add_int(config.version).add(',').add_int(config.channels);
  for (const std::int64_t value : values_of(config).at) text.add(',').add_int(value);
  out.add(text.view()).add(',').add_int(crc32(text.view().data(), text.size()));
}

bool read_stored_config(std::string_view text, Config& out) {
  const std::size_t crc_at = text.rfind(',');
  if (crc_at == std::string_view::npos) return false;
  const auto crc = parse_int(text.substr(crc_at + 1));
  if (!crc || *crc != static_cast<std::int64_t>(crc32(text.data(), crc_at))) return false;
  text = text.substr(0, crc_at);
  if (take_until(text, ',') != kStoredAs) return false;
  const auto version = parse_int(take_until(text, ','));
  const auto channels = parse_int(take_until(text, ','));
  if (!version || *version < 1 || *version > kConfigVersionMax || !channels) return false;
  Values values;
  for (std::int64_t& value : values.at) {
    const auto read = parse_int(take_until(text, ','));
    if (!read) return false;
    value = *read;
  }
  if (!text.empty() || *channels < 0 || *channels > 0xFFFF) return false;
  const auto set = static_cast<ChannelSet>(*channels);
  if (!problem_of(values).empty() || !problem_of_channels(set).empty()) return false;
  out.version = static_cast<std::uint32_t>(*version);
  out.channels = set;
  put_values(values, out);
  return true;
}

}  // namespace jambox
