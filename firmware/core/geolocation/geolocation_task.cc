// Geolocation scan, see geolocation_task.h.
#include "core/geolocation/geolocation_task.h"

#include "core/json/json_reader.h"
#include "core/json/json_writer.h"

namespace jambox {

namespace {
constexpr Backoff::Range kScanRetry{300'000, 6 * 3'600'000};
// Ten an hour are allowed; after a refusal for being too many, the hour is waited out.
constexpr Backoff::Range kScanTooMany{3'600'000, 6 * 3'600'000};
}  // namespace

void GeolocationTask::start(bool moved, Millis now) {
  if (!moved) return;
  state_ = State::kWanted;
  retry_.succeed(now + kSettleMs);
}

void GeolocationTask::scan_now(Millis now) {
  days_ = 0;
  if (state_ != State::kIdle && state_ != State::kWanted) return;  // one is under way
  state_ = State::kWanted;
  retry_.succeed(now);
}

void GeolocationTask::on_frame(const RadioFrame& frame) {
  if (state_ != State::kScanning) return;
  if (const auto found = parse_access_point(frame)) heard_.add(*found);
}

void GeolocationTask::tick(Millis now, Wake& wake) {
  if (state_ == State::kScanning) {
    if (now < scan_ends_) return wake.at(scan_ends_);
    radio_.hear_access_points(false);
    state_ = State::kHeard;
    if (heard_.count() < kPointsMin) another_day("fewer than two access points heard", now);
  }
  if (state_ == State::kHeard && now >= scan_ends_ + kHoldMs) {
    forget();
    state_ = State::kWanted;
  }
}

Millis GeolocationTask::wanted_at() const {
  if (state_ == State::kWanted) return retry_.next_at();
  return state_ == State::kHeard ? scan_ends_ : kNever;
}

// Asked for the first time it only begins to listen: then the modem is online and what is heard can
// go at once.
bool GeolocationTask::begin(HttpClient& http, HttpObserver& observer, Millis now) {
  if (state_ == State::kWanted) {
    state_ = State::kScanning;
    scan_ends_ = now + kScanMs;
    radio_.hear_access_points(true);
    return false;
  }
  FixedText<AccessPoints::kJsonMax> wifi;
  heard_.add_json(wifi);
  FixedText<AccessPoints::kJsonMax + 40> body;
  JsonWriter json(body);
  json.text("d", identity_.device_id()).raw("wifi", wifi.view()).end();
  if (!http.post("/api/geolocation", body.view(), observer, now)) return false;
  forget();  // the request holds them until its answer
  state_ = State::kSending;
  return true;
}

void GeolocationTask::on_answer(const HttpResult& result, Millis now, std::uint32_t random) {
  state_ = State::kWanted;
  if (result.status != 200) {
    return retry_.fail(now, result.status == 429 ? kScanTooMany : kScanRetry, random);
  }
  JsonObject json;
  FixedText<80> words;
  const bool read = json.parse(result.body) && json.text("status", words);
  if (!read || words.view() != "ok") {
    json.text("message", words);
    return another_day(words.view(), now);
  }
  json.text("timezone", words);
  state_ = State::kIdle;
  observer_.on_geolocation(true, words.view());
}

void GeolocationTask::another_day(std::string_view why, Millis now) {
  forget();
  state_ = ++days_ < kDaysMax ? State::kWanted : State::kIdle;
  retry_.succeed(now + kAnotherDayMs);
  observer_.on_geolocation(false, why);
}

void GeolocationTask::forget() { heard_.clear(); }

}  // namespace jambox
