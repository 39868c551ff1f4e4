// What else may go to the backend besides heartbeats and readings: a configuration to fetch, a scan
// to report, an update to load. Each makes one request at a time when the uplink lets it.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/units.h"
#include "core/modem/http_client.h"

namespace jambox {

class UplinkTask {
 public:
  static constexpr Millis kNever = ~Millis{0};

  // When it next wants to make a request; kNever while it has nothing to do.
  virtual Millis wanted_at() const = 0;
  // Makes it. False: nothing has been started.
  virtual bool begin(HttpClient& http, HttpObserver& observer, Millis now) = 0;
  // How it ended; exactly once per begun request.
  virtual void on_answer(const HttpResult& result, Millis now, std::uint32_t random) = 0;
  // Method and path, for the log.
  virtual std::string_view path() const = 0;

 protected:
  ~UplinkTask() = default;
};

}  // namespace jambox
