// Fetching and keeping the configuration, see config_task.h.
#include "core/config/config_task.h"

namespace jambox {

namespace {
// One entry: NVS replaces it whole or not at all, so there is no half of a configuration.
constexpr std::string_view kConfigKey = "config";
constexpr Backoff::Range kConfigRetry{60'000, 3'600'000};
// Ten an hour are allowed; after a refusal for being too many, the hour is waited out.
constexpr Backoff::Range kConfigTooMany{3'600'000, 3'600'000};
}  // namespace

void ConfigTask::start() {
  char text[kStoredConfigMax + 16];
  const int size = kv_.get_text(KeyValue::Store::kState, kConfigKey, text, sizeof text);
  if (size < 0) return observer_.on_config(config_);
  if (!read_stored_config({text, static_cast<std::size_t>(size)}, config_)) {
    observer_.on_config_problem("what is stored is damaged; defaults until it is fetched again");
  }
  observer_.on_config(config_);
}

// Any other version, not only a higher one: a backend set up anew counts from 1 again.
void ConfigTask::on_announced(std::int64_t version, Millis now) {
  announced_ = version;
  if (version == config_.version) return;
  if (version == settled_ && now < again_at_) return;
  wanted_ = true;
}

void ConfigTask::fetch_now(Millis now) {
  wanted_ = true;
  retry_.succeed(now);
}

bool ConfigTask::begin(HttpClient& http, HttpObserver& observer, Millis now) {
  FixedText<64> path;
  path.add("/api/config/").add(identity_.device_id());
  path.add("?d=").add(identity_.device_id()).add("&full=1");
  return http.get(path.view(), observer, now);
}

void ConfigTask::on_answer(const HttpResult& result, Millis now, std::uint32_t random) {
  if (result.status != 200) {
    return retry_.fail(now, result.status == 429 ? kConfigTooMany : kConfigRetry, random);
  }
  wanted_ = false;
  retry_.succeed(now);
  settled_ = announced_;
  again_at_ = now + kAgainMs;
  take(result.body);
}

void ConfigTask::take(std::string_view json) {
  Config fetched;
  const std::string_view problem = parse_config(json, fetched);
  if (!problem.empty()) return observer_.on_config_problem(problem);
  FixedText<kStoredConfigMax + 16> text;
  add_stored_config(text, fetched);
  // A store that refuses costs only the restart without a network.
  if (!kv_.set_text(kConfigKey, text.view())) {
    observer_.on_config_problem("it could not be stored; it holds until the next restart");
  }
  config_ = fetched;
  observer_.on_config(config_);
}

}  // namespace jambox
