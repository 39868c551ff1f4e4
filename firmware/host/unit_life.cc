// A unit's life, see unit_life.h.
#include "host/unit_life.h"

#include <set>

#include "core/clock/civil_time.h"
#include "host/test.h"

namespace jambox::test {

std::string json_field(const std::string& json, const std::string& key) {
  const std::size_t at = json.find("\"" + key + "\":");
  if (at == std::string::npos) return "";
  std::size_t from = at + key.size() + 3;
  const char end = json[from] == '"' ? '"' : ',';
  if (json[from] == '"') ++from;
  return json.substr(from, json.find_first_of(end == '"' ? "\"" : ",}", from) - from);
}

namespace {

// Readings in a batch; 0 in any other request.
int rows_in(const std::string& request) {
  if (request.rfind("POST /api/reading/batch ", 0) != 0) return 0;
  int rows = -1;
  for (const char c : request) rows += c == '[' ? 1 : 0;
  return rows;
}

}  // namespace

UnitLife::UnitLife() {
  board.give_identity();
  board.modem.backend = [this](const std::string& request) { return serve(request); };
}

std::int64_t UnitLife::true_unix_ms() const {
  return kBornUnixMs + static_cast<std::int64_t>(lived_before_ + board.clock.now);
}

void UnitLife::start(ResetReason reason, Millis off_ms) {
  lived_before_ += board.clock.now + off_ms;
  board.clock.now = 0;
  board.system.reason = reason;
  board.system.restarts = 0;
  board.radio.access_points = false;
  board.slots.restart();
  fed_at_ = 0;
  ++starts;
  app = std::make_unique<JamBoxApp>(board.ports());
  app->start();
}

void UnitLife::run(Millis ms) {
  const std::int64_t end = true_unix_ms() + static_cast<std::int64_t>(ms);
  while (true_unix_ms() < end) {
    step();
    // What the bench would have read.
    if (board.console.to_bench.size() > 4'000'000) board.console.to_bench.erase(0, 2'000'000);
  }
}

void UnitLife::step() {
  constexpr Millis kWatchdogMs = 10'000;
  board.modem.next_tick();
  board.modem.refuse_connections = down;
  const Millis delay = app->tick();
  if (board.system.feeds != feeds_seen_) {
    feeds_seen_ = board.system.feeds;
    fed_at_ = board.clock.now;
  }
  if (board.system.restarts > 0) return start(ResetReason::kSoftware, 300);
  if (board.clock.now > fed_at_ + kWatchdogMs) {
    ++watchdog_resets;
    return start(ResetReason::kWatchdog, 300);
  }
  board.clock.now += board.modem.unread() || delay < 1 ? 1 : delay;
}

void UnitLife::probe() { board.radio.frames.push_back(probe_frame(++probes % 50, -60)); }

std::string UnitLife::serve(const std::string& request) {
  if (silent) return {};
  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  if (rows_in(request) > silent_for_more_than) return {};
  const std::string answer = answer_of(request, body);
  return loses_answers ? std::string() : answer;
}

std::string UnitLife::answer_of(const std::string& request, const std::string& body) {
  if (request.rfind("GET /api/config/", 0) == 0) return http(config_status, config);
  if (request.rfind("POST /api/geolocation", 0) == 0) return http(geolocation_status, place);
  if (request.rfind("POST /api/ota/", 0) == 0) {
    return http(200, R"({"update_available":false,"reason":"up_to_date"})");
  }
  if (!command_id.empty() && json_field(body, "ack") == command_id) command.clear();
  std::string rest;
  if (!command.empty()) {
    rest += R"(,"command":")" + command + R"(","command_id":")" + command_id + '"';
  }
  if (config_version > 0) rest += ",\"config_version\":" + std::to_string(config_version);
  const bool is_batch = request.rfind("POST /api/reading/batch ", 0) == 0;
  if (request.rfind("POST /api/reading", 0) == 0) {
    if (reading_status != 201) return http(reading_status, R"({"error":"no"})");
    if (is_batch && batch_status != 201) return http(batch_status, R"({"error":"no"})");
    if (is_batch) {
      rest += R"(,"outcomes":")" + store_batch(body) + '"';
    } else {
      if (json_field(body, "seq") == refused_seq) return http(400, R"({"error":"no"})");
      store(body);
    }
    return http(201, R"({"status":"ok")" + rest + "}");
  }
  if (refuses_notes && !json_field(body, "note").empty()) return http(400, R"({"error":"no"})");
  if (heartbeat_status != 200) return http(heartbeat_status, R"({"error":"no"})");
  FixedText<24> time;
  add_iso_time(time, (true_unix_ms() + time_error_ms) / 1000);
  const std::string time_field = R"(,"server_time":")" + std::string(time.view()) + '"';
  return http(200, R"({"status":"ok")" + (sends_time ? time_field : "") + rest + "}");
}

// The real backend's key: `t` of a synced clock, else arrival less `age`, floored, and the number;
// there an unfloored start within a minute is the same reading.
void UnitLife::store(const std::string& body) {
  if (json_field(body, "ts") == "1") {
    stored[json_field(body, "t")] = body;
    return;
  }
  const std::int64_t start_s = true_unix_ms() / 1000 - std::stoll(json_field(body, "age"));
  const std::string mark = "s" + json_field(body, "seq") + "@";
  for (std::int64_t near = start_s - 60; near <= start_s + 60; ++near) {
    if (stored.count(mark + std::to_string(near)) > 0) return;
  }
  stored[mark + std::to_string(start_s)] = body;
}

// Rows as the bodies that they would be alone. Says what became of each.
std::string UnitLife::store_batch(const std::string& body) {
  std::string outcomes;
  std::size_t at = body.find("\"r\":[") + 4;
  while (at + 1 < body.size() && body[at + 1] == '[') {
    const std::size_t end = body.find(']', at);
    std::vector<std::string> fields;
    std::string row = body.substr(at + 2, end - at - 2) + ',';
    for (std::size_t comma; (comma = row.find(',')) != std::string::npos; row.erase(0, comma + 1)) {
      fields.push_back(row.substr(0, comma));
    }
    at = end + 1;
    if (fields.at(0) == refused_seq) {
      outcomes += 'r';
      continue;
    }
    FixedText<24> t;
    add_iso_time(t, std::stoll(fields.at(1)));
    const std::size_t before = stored.size();
    store(R"({"t":")" + std::string(t.view()) + R"(","i":)" + fields.at(3) + R"(,"age":)" +
          fields.at(2) + R"(,"ts":1,"seq":)" + fields.at(0) + "}");
    outcomes += stored.size() > before ? 's' : 'k';
  }
  return outcomes;
}

std::vector<std::string> UnitLife::bodies(const std::string& path) const {
  std::vector<std::string> found;
  for (const std::string& request : board.modem.requests) {
    if (request.rfind("POST " + path + " ", 0) != 0) continue;
    found.push_back(request.substr(request.find("\r\n\r\n") + 4));
  }
  return found;
}

int UnitLife::requests(const std::string& start) const {
  int n = 0;
  for (const std::string& request : board.modem.requests) n += request.rfind(start, 0) == 0 ? 1 : 0;
  return n;
}

std::uint32_t UnitLife::stored_impressions() const {
  std::uint32_t sum = 0;
  for (const auto& [key, body] : stored) {
    sum += static_cast<std::uint32_t>(std::stoul(json_field(body, "i")));
  }
  return sum;
}

int UnitLife::stored_twice() const {
  std::set<std::string> seen;
  int twice = 0;
  for (const auto& [key, body] : stored) {
    if (!seen.insert(json_field(body, "seq")).second) ++twice;
  }
  return twice;
}

std::unique_ptr<UnitLife> new_life() { return std::make_unique<UnitLife>(); }

std::string config_with(int version, int interval_ms, int far_dbm) {
  return R"({"config_version":)" + std::to_string(version) + R"(,"report_interval_ms":)" +
         std::to_string(interval_ms) +
         R"(,"rssi_immediate_threshold":-50,"rssi_near_threshold":-65,"rssi_far_threshold":)" +
         std::to_string(far_dbm) +
         R"(,"dwell_short_threshold":1,"dwell_medium_threshold":5,"dwell_long_threshold":10,)"
         R"("heartbeat_interval_ms":3600000,"wifi_channels":[1,6,11]})";
}

void run_with_probes(UnitLife& life, int minutes) {
  for (int i = 0; i < minutes * 6; ++i) {
    life.probe();
    life.run(10'000);
  }
}

void check_one_chain(const UnitLife& life) {
  std::map<std::uint32_t, std::string> by_seq;
  for (const auto& [key, body] : life.stored) {
    by_seq[static_cast<std::uint32_t>(std::stoul(json_field(body, "seq")))] = json_field(body, "t");
  }
  CHECK_EQ(by_seq.size(), life.stored.size());
  std::string last;
  for (const auto& [seq, t] : by_seq) {
    CHECK(t > last);
    last = t;
  }
}

}  // namespace jambox::test
