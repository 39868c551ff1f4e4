// Keeps the configuration current: takes up the stored one at start, fetches when the backend
// announces another version or a command asks for it, stores it, and only then lets it be used.
// Knows neither what the settings do nor when the modem is free.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/backoff.h"
#include "core/config/config.h"
#include "core/identity/identity.h"
#include "core/ports/key_value.h"
#include "core/uplink/uplink_task.h"

namespace jambox {

class ConfigObserver {
 public:
  // From now on this one holds.
  virtual void on_config(const Config& config) = 0;
  // Something stored or fetched is not used, or could not be kept; the one in use stays.
  virtual void on_config_problem(std::string_view why) = 0;

 protected:
  ~ConfigObserver() = default;
};

class ConfigTask final : public UplinkTask {
 public:
  // All must outlive it.
  ConfigTask(KeyValue& kv, const Identity& identity, ConfigObserver& observer)
      : kv_(kv), identity_(identity), observer_(observer) {}

  // Takes up what is stored, or the defaults.
  void start();
  const Config& config() const { return config_; }
  // An answer of the backend named this version.
  void on_announced(std::int64_t version, Millis now);
  // Fetches whatever the version is.
  void fetch_now(Millis now);

  Millis wanted_at() const override { return wanted_ ? retry_.next_at() : kNever; }
  bool begin(HttpClient& http, HttpObserver& observer, Millis now) override;
  void on_answer(const HttpResult& result, Millis now, std::uint32_t random) override;
  std::string_view path() const override { return "GET /api/config"; }

  // The backend answers ten fetches an hour. When what it hands out is not what it announces, or
  // is refused here, the same version is asked for again this much later.
  static constexpr Millis kAgainMs = 6 * 3'600'000;

 private:
  void take(std::string_view json);

  KeyValue& kv_;
  const Identity& identity_;
  ConfigObserver& observer_;
  Config config_;
  Backoff retry_;
  bool wanted_ = false;
  std::int64_t announced_ = 0;
  std::int64_t settled_ = 0;  // announced version for which an answer has come
  Millis again_at_ = 0;       // until then that one is not asked for again
};

}  // namespace jambox
