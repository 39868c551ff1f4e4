// What goes to the backend, see uplink.h.
#include "core/uplink/uplink.h"

namespace jambox {

namespace {

constexpr std::string_view kFailuresKey = "sf";

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

// The backend understood the request and will never take this body.
bool is_refusal_of_body(int status) { return status == 400 || status == 413 || status == 422; }

}  // namespace

void Uplink::start() {
  commands_.load();
  std::uint32_t failures = 0;
  if (parts_.kv.get_u32(KeyValue::Store::kState, kFailuresKey, failures)) {
    reading_retry_.resume(failures);
  }
}

void Uplink::tick(Millis now, bool free, int signal_dbm, std::uint32_t random, Wake& wake) {
  now_ = now;
  random_ = random;
  parts_.queue.date(parts_.clock);
  if (doing_ != Doing::kNothing || !free) return;
  const bool readings = may_send_reading(now);
  if (heartbeat_retry_.due(now)) send_heartbeat(now, signal_dbm);
  else if (heard_from_ && send_task(urgent_, now)) doing_ = Doing::kTask;
  else if (readings && reading_retry_.due(now)) send_reading(now, signal_dbm);
  else if (heard_from_ && send_task(patient_, now)) doing_ = Doing::kTask;
  if (doing_ != Doing::kNothing) return wake.soon();
  wake.at(heartbeat_retry_.next_at());
  if (readings) wake.at(reading_retry_.next_at());
  if (!heard_from_) return;  // tasks wait for that, whatever they want
  for (const auto tasks : {urgent_, patient_}) {
    for (const UplinkTask* task : tasks) wake.at(task->wanted_at());
  }
}

// One without a date waits for the clock: it is the backend's key, and a guess at it differs from
// sending to sending. But not for ever: a backend that never tells the time still gets readings.
bool Uplink::may_send_reading(Millis now) const {
  if (parts_.queue.empty() || !heard_from_) return false;
  const bool dated = parts_.queue.front().start_unix_s != 0;
  return dated || parts_.clock.synced() || now >= undated_from_;
}

bool Uplink::send_task(std::span<UplinkTask* const> tasks, Millis now) {
  for (UplinkTask* task : tasks) {
    if (now < task->wanted_at() || !task->begin(parts_.http, *this, now)) continue;
    task_ = task;
    return true;
  }
  return false;
}

void Uplink::set_heartbeat_interval(Millis interval_ms) {
  heartbeat_ms_ = interval_ms;
  // A failing one keeps its pause; a first one is due anyway.
  if (heartbeat_at_ != 0 && heartbeat_retry_.failures() == 0) plan_heartbeat();
}

// By its interval, or earlier when there is a reason.
void Uplink::plan_heartbeat() {
  const Millis regular = heartbeat_at_ + heartbeat_ms_;
  heartbeat_retry_.succeed(heartbeat_early_at_ < regular ? heartbeat_early_at_ : regular);
}

void Uplink::note(std::string_view text, Millis now) {
  note_.clear();
  for (const char c : text) note_.add(printable(c));
  note_sent_ = false;
  report_soon(now);
}

void Uplink::set_radio(std::uint8_t broken, Millis now) {
  if (broken == radio_) return;
  radio_ = broken;
  report_soon(now);
}

void Uplink::report_soon(Millis now) {
  if (heartbeat_at_ == 0 || heartbeat_retry_.failures() > 0) return;  // one comes anyway
  const Millis soonest = heartbeat_at_ + kNoteGapMs;
  const Millis at = soonest > now ? soonest : now;
  if (at < heartbeat_early_at_) heartbeat_early_at_ = at;
  plan_heartbeat();
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
  context.config_version = config_version_;
  context.radio = radio_;
  context.note = note_.view();
  note_sent_ = true;
  body_.clear();
  add_heartbeat_json(body_, context);
  ack_sent_ = !context.ack.empty();
  if (parts_.http.post("/api/heartbeat", body_.view(), *this, now)) doing_ = Doing::kHeartbeat;
}

void Uplink::send_reading(Millis now, int signal_dbm) {
  const Reading& reading = parts_.queue.front();
  // The start is the reading's key at the backend: fixed at the first attempt, since an attempt may
  // have arrived although its answer was lost.
  parts_.queue.note_attempt();
  sending_seq_ = reading.seq;
  SendContext context;
  context.device_id = identity_.device_id();
  context.firmware = firmware_;
  context.ack = commands_.ack();
  context.boot_unix_s = parts_.clock.boot_unix_s();
  context.cell_rssi_dbm = signal_dbm;
  context.queued_behind = parts_.queue.size() - 1;
  context.send_failures = reading_retry_.failures();
  context.now = now;
  context.age_s = parts_.queue.front_age_s(now, parts_.clock.unix_ms(now));
  body_.clear();
  add_reading_json(body_, reading, context);
  ack_sent_ = !context.ack.empty();
  if (parts_.http.post("/api/reading", body_.view(), *this, now)) doing_ = Doing::kReading;
}

void Uplink::on_http_done(const HttpResult& result) {
  const Doing doing = doing_;
  doing_ = Doing::kNothing;
  if (doing == Doing::kTask) return task_done(result);
  const bool heartbeat = doing == Doing::kHeartbeat;
  parts_.observer.on_request_done(heartbeat ? "POST /api/heartbeat" : "POST /api/reading", result);
  BackendAnswer answer;
  const bool success = is_success(result.status);
  if (success) parse_backend_answer(result.body, answer);
  if (success && ack_sent_) commands_.acknowledged();
  if (heartbeat) heartbeat_done(result, answer);
  else reading_done(result, answer);
  if (!success) return;
  const std::string_view command = commands_.take(answer);
  if (!command.empty()) parts_.observer.on_command(command, commands_.remembered());
}

void Uplink::task_done(const HttpResult& result) {
  UplinkTask* task = task_;
  task_ = nullptr;
  parts_.observer.on_request_done(task->path(), result);
  task->on_answer(result, now_, random_);
}

// When the clock wants the heartbeat after one that led to this.
Millis Uplink::early_after(WallClock::Sync sync) const {
  if (sync == WallClock::Sync::kDoubtful) return now_ + kConfirmMs;
  return parts_.clock.synced() ? UplinkTask::kNever : now_ + kUnsetMs;
}

void Uplink::heartbeat_done(const HttpResult& result, const BackendAnswer& answer) {
  const bool ok = is_success(result.status);
  HeartbeatReport report{ok, result.status, false, answer.config_version};
  if (ok && answer.server_time_ms) report.clock = parts_.clock.sync(*answer.server_time_ms, now_);
  if (ok) {
    heartbeat_at_ = now_;
    heartbeat_early_at_ = early_after(report.clock);
    plan_heartbeat();
    reading_retry_.hurry();  // the backend is there
    if (note_sent_) note_.clear();
  } else {
    heartbeat_retry_.fail(now_, range_of(result.status), random_);
    // It may be the note that is not understood: better lost than in the way of every other.
    if (note_sent_ && is_refusal_of_body(result.status)) note_.clear();
  }
  // Any answer will do to let readings go: a refused heartbeat must not hold them back.
  if (result.status != 0 && !heard_from_) {
    heard_from_ = true;
    undated_from_ = now_ + kUndatedHoldMs;
  }
  report.clock_synced = parts_.clock.synced();
  parts_.observer.on_heartbeat(report);
}

void Uplink::reading_done(const HttpResult& result, const BackendAnswer& answer) {
  // While it was on its way a full queue may have dropped it to make room.
  const bool still_queued = !parts_.queue.empty() && parts_.queue.front().seq == sending_seq_;
  Reading reading;
  reading.seq = sending_seq_;
  if (still_queued) reading = parts_.queue.front();
  const bool ok = is_success(result.status);
  const bool refused = is_refusal_of_body(result.status) && !keep_refused_;
  if (ok || refused) {
    if (still_queued) parts_.queue.pop_front();
    count_up(ok ? sent_ : refused_);
    reading_retry_.succeed(now_ + kReadingGapMs);
  } else {
    reading_retry_.fail(now_, range_of(result.status), random_);
  }
  remember_failures();
  parts_.observer.on_reading(
      {ok, result.status, reading, parts_.queue.size(), answer.config_version});
}

// `sf` goes on across a restart. Written at most once per failed try, and those are minutes apart.
void Uplink::remember_failures() {
  const std::uint32_t failures = reading_retry_.failures();
  std::uint32_t stored = 0;
  parts_.kv.get_u32(KeyValue::Store::kState, kFailuresKey, stored);
  if (stored != failures) parts_.kv.set_u32(kFailuresKey, failures);
}

}  // namespace jambox
