// Where the unit stands: listens for access points, sends what it heard to the backend, forgets it.
// On the first boot, after each loss of power (it may have been carried elsewhere), and on command.
// Knows no schedule of the receiver and keeps no place.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/backoff.h"
#include "core/geolocation/access_points.h"
#include "core/identity/identity.h"
#include "core/ports/radio.h"
#include "core/uplink/uplink_task.h"

namespace jambox {

class GeolocationObserver {
 public:
  // What came of a scan, in words, for the log. Never an address.
  virtual void on_geolocation(bool ok, std::string_view said) = 0;

 protected:
  ~GeolocationObserver() = default;
};

class GeolocationTask final : public UplinkTask {
 public:
  // All must outlive it. `radio` is the one it listens with; others take its frames through it.
  GeolocationTask(Radio& radio, const Identity& identity, GeolocationObserver& observer)
      : radio_(radio), identity_(identity), observer_(observer) {}

  // `moved`: the unit may stand elsewhere than at its last scan.
  void start(bool moved, Millis now);
  void scan_now(Millis now);
  // To be called with every received frame.
  void on_frame(const RadioFrame& frame);
  // Ends the scan in time, whether or not the modem is free.
  void tick(Millis now, Wake& wake);

  Millis wanted_at() const override;
  bool begin(HttpClient& http, HttpObserver& observer, Millis now) override;
  void on_answer(const HttpResult& result, Millis now, std::uint32_t random) override;
  std::string_view path() const override { return "POST /api/geolocation"; }

  // Two cycles of the receiver: each of up to 13 channels once.
  static constexpr Millis kScanMs = 60'000;
  // Power that comes and goes has settled by then, and the first reading is under way.
  static constexpr Millis kSettleMs = 120'000;
  // What was heard and could not be sent is forgotten; a new scan follows.
  static constexpr Millis kHoldMs = 600'000;
  // A provider that does not know the place may know it another day; three days, then on command.
  static constexpr Millis kAnotherDayMs = 24 * 3'600'000;
  static constexpr int kDaysMax = 3;
  // The backend's provider places nothing by fewer.
  static constexpr int kPointsMin = 2;

 private:
  enum class State : std::uint8_t { kIdle, kWanted, kScanning, kHeard, kSending };

  void forget();
  void another_day(std::string_view why, Millis now);

  Radio& radio_;
  const Identity& identity_;
  GeolocationObserver& observer_;
  AccessPoints heard_;
  Backoff retry_;
  State state_ = State::kIdle;
  Millis scan_ends_ = 0;
  int days_ = 0;
};

}  // namespace jambox
