// What goes to the backend, see uplink.h.
#include "core/uplink/uplink.h"

namespace jambox {

namespace {

// A backend that is down, or a radio shadow: soon again at first, at most four times an hour later.
constexpr Backoff::Range kRetry{10'000, 900'000};
// A refused token changes only when somebody registers the unit.
constexpr Backoff::Range kRefusedRetry{30'000, 900'000};
// The backend allows ten heartbeats an hour.
constexpr Backoff::Range kBusyRetry{120'000, 1'800'000};

const Backoff::Range& range_of(int status) {
  if (status == 401 || status == 403) return kRefusedRetry;
  return status == 429 ? kBusyRetry : kRetry;
}

bool is_success(int status) { return status >= 200 && status < 300; }

// The backend understood the request and will never take this body.
bool is_refusal_of_body(int status) { return status == 400 || status == 413 || status == 422; }

}  // namespace

void Uplink::tick(Millis now, bool free, int signal_dbm, std::uint32_t random, Wake& wake) {
  now_ = now;
  random_ = random;
  if (doing_ != Doing::kNothing || !free) return;
  if (heartbeat_retry_.due(now)) {
    send_heartbeat(now, signal_dbm);
  } else if (!parts_.queue.empty() && heard_from_ && reading_retry_.due(now)) {
    send_reading(now, signal_dbm);
  }
  if (doing_ != Doing::kNothing) return wake.soon();
  wake.at(heartbeat_retry_.next_at());
  if (!parts_.queue.empty() && heard_from_) wake.at(reading_retry_.next_at());
}

void Uplink::hurry() {
  reading_retry_.hurry();
  if (heartbeat_retry_.failures() > 0) heartbeat_retry_.hurry();
}

void Uplink::send_heartbeat(Millis now, int signal_dbm) {
  HeartbeatContext context;
  context.device_id = identity_.device_id();
  context.firmware = firmware_;
  context.ack = commands_.ack();
  context.uptime_s = static_cast<std::int64_t>(now / 1000);
  context.cell_rssi_dbm = signal_dbm;
  body_.clear();
  add_heartbeat_json(body_, context);
  ack_sent_ = !context.ack.empty();
  if (parts_.http.post("/api/heartbeat", body_.view(), *this, now)) doing_ = Doing::kHeartbeat;
}

void Uplink::send_reading(Millis now, int signal_dbm) {
  Reading& reading = parts_.queue.front();
  freeze_start(reading);
  SendContext context;
  context.device_id = identity_.device_id();
  context.firmware = firmware_;
  context.ack = commands_.ack();
  context.boot_unix_s = parts_.clock.boot_unix_s();
  context.cell_rssi_dbm = signal_dbm;
  context.queued_behind = parts_.queue.size() - 1;
  context.send_failures = reading_retry_.failures();
  context.now = now;
  body_.clear();
  add_reading_json(body_, reading, context);
  ack_sent_ = !context.ack.empty();
  if (parts_.http.post("/api/reading", body_.view(), *this, now)) doing_ = Doing::kReading;
}

// The start is the reading's key at the backend: fixed at the first attempt, since an attempt may
// have arrived although its answer was lost.
void Uplink::freeze_start(Reading& reading) {
  if (!reading.sent_before && reading.start_unix_s == 0 && parts_.clock.synced()) {
    reading.start_unix_s = parts_.clock.unix_ms_of(reading.start) / 1000;
  }
  reading.sent_before = true;
  sending_seq_ = reading.seq;
}

void Uplink::on_http_done(const HttpResult& result) {
  const Doing doing = doing_;
  doing_ = Doing::kNothing;
  const bool heartbeat = doing == Doing::kHeartbeat;
  parts_.observer.on_request_done(heartbeat ? "/api/heartbeat" : "/api/reading", result);
  BackendAnswer answer;
  const bool success = is_success(result.status);
  if (success) parse_backend_answer(result.body, answer);
  if (success && ack_sent_) commands_.acknowledged();
  if (heartbeat) heartbeat_done(result, answer);
  else reading_done(result);
  if (!success) return;
  const std::string_view command = commands_.take(answer);
  if (!command.empty()) parts_.observer.on_command(command);
}

void Uplink::heartbeat_done(const HttpResult& result, const BackendAnswer& answer) {
  const bool ok = is_success(result.status);
  if (ok && answer.server_time_ms) parts_.clock.sync(*answer.server_time_ms, now_);
  if (ok) {
    heartbeat_retry_.succeed(now_ + kHeartbeatMs);
    reading_retry_.hurry();  // the backend is there
  } else {
    heartbeat_retry_.fail(now_, range_of(result.status), random_);
  }
  // Any answer will do to let readings go: a refused heartbeat must not hold them back.
  if (result.status != 0) heard_from_ = true;
  parts_.observer.on_heartbeat({ok, result.status, parts_.clock.synced(), answer.config_version});
}

void Uplink::reading_done(const HttpResult& result) {
  // While it was on its way a full queue may have dropped it to make room.
  const bool still_queued = !parts_.queue.empty() && parts_.queue.front().seq == sending_seq_;
  Reading reading;
  reading.seq = sending_seq_;
  if (still_queued) reading = parts_.queue.front();
  const bool ok = is_success(result.status);
  const bool refused = is_refusal_of_body(result.status);
  if (ok || refused) {
    if (still_queued) parts_.queue.pop_front();
    count_up(ok ? sent_ : refused_);
    reading_retry_.succeed(now_ + kReadingGapMs);
  } else {
    reading_retry_.fail(now_, range_of(result.status), random_);
  }
  parts_.observer.on_reading({ok, result.status, reading, parts_.queue.size()});
}

}  // namespace jambox
