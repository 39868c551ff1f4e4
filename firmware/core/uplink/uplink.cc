// What goes to the backend, see uplink.h.
#include "core/uplink/uplink.h"

namespace jambox {

namespace {

constexpr std::string_view kFailuresKey = "sf";
constexpr std::string_view kReadingPath = "/api/reading";
constexpr std::string_view kBatchPath = "/api/reading/batch";
// What a reading that a batch's answer refuses would have got alone.
constexpr int kRefusedStatus = 400;

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

// As a backend from before batches answers to one.
bool is_unknown_route(int status) { return status == 404 || status == 405 || status == 501; }

// Of the readings before the first that is to be sent again. A letter that is not known is none.
std::uint32_t settled(std::string_view outcomes, bool keeps_refused) {
  std::uint32_t n = 0;
  for (const char outcome : outcomes) {
    const bool taken = outcome == 's' || outcome == 'k' || (outcome == 'r' && !keeps_refused);
    if (!taken) break;
    ++n;
  }
  return n;
}

static_assert(kOutcomesMax == kBatchMax, "an answer has a letter for each reading");
static_assert(kReadingJsonMax <= kBatchJsonMax, "both are written into one buffer");
// Host, token and the words around them.
static_assert(kBatchJsonMax + 63 + 64 + 160 <= HttpClient::kRequestMax, "the longest fits");

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
  else if (readings && reading_retry_.due(now)) send_readings(now, signal_dbm);
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
  context.free_heap = parts_.system.free_heap();
  context.least_free_heap = parts_.system.least_free_heap();
  context.start_reason = static_cast<std::uint8_t>(start_reason_);
  note_sent_ = true;
  body_.clear();
  add_heartbeat_json(body_, context);
  ack_sent_ = !context.ack.empty();
  if (parts_.http.post("/api/heartbeat", body_.view(), *this, now)) doing_ = Doing::kHeartbeat;
}

void Uplink::send_readings(Millis now, int signal_dbm) {
  SendContext context;
  context.device_id = identity_.device_id();
  context.firmware = firmware_;
  context.ack = commands_.ack();
  context.boot_unix_s = parts_.clock.boot_unix_s();
  context.cell_rssi_dbm = signal_dbm;
  context.queued_behind = parts_.queue.size() - 1;
  context.send_failures = reading_retry_.failures();
  context.now = now;
  context.age_s = age_s(0, now);
  ack_sent_ = !context.ack.empty();
  const std::uint32_t n = may_batch(now) ? add_batch(context, now) : 1;
  if (n == 1) {
    body_.clear();
    add_reading_json(body_, parts_.queue.front(), context);
  }
  sending_size_ = n;
  for (std::uint32_t i = 0; i < n; ++i) {
    // The start is the reading's key at the backend: fixed at the first attempt, since an attempt
    // may have arrived although its answer was lost.
    parts_.queue.note_attempt(i);
    sending_[i] = parts_.queue.waiting(i).seq;
  }
  const std::string_view path = n > 1 ? kBatchPath : kReadingPath;
  if (!parts_.http.post(path, body_.view(), *this, now)) return;
  doing_ = n > 1 ? Doing::kBatch : Doing::kReading;
}

std::int64_t Uplink::age_s(std::uint32_t i, Millis now) const {
  return parts_.queue.age_s(i, now, parts_.clock.unix_ms(now));
}

// After a failure one goes alone: it costs least where the radio is bad, and says whether anybody
// is there (docs/decisions/0065).
bool Uplink::may_batch(Millis now) const {
  return batch_most_ > 1 && now >= batch_from_ && reading_retry_.failures() == 0;
}

// How many of the oldest readings went into the body; 1 = that one is to go alone.
std::uint32_t Uplink::add_batch(const SendContext& context, Millis now) {
  body_.clear();
  ReadingBatch batch(body_, context);
  const ReadingQueue& queue = parts_.queue;
  while (batch.size() < batch_most_ && batch.size() < queue.size()) {
    const std::uint32_t i = batch.size();
    if (!batch.add(queue.waiting(i), age_s(i, now))) break;
  }
  batch.end();
  return batch.size() > 1 ? batch.size() : 1;
}

void Uplink::on_http_done(const HttpResult& result) {
  const Doing doing = doing_;
  doing_ = Doing::kNothing;
  if (doing == Doing::kTask) return task_done(result);
  parts_.observer.on_request_done(name_of(doing), result);
  BackendAnswer answer;
  const bool success = is_success(result.status);
  if (success) parse_backend_answer(result.body, answer);
  if (success && ack_sent_) commands_.acknowledged();
  if (doing == Doing::kHeartbeat) heartbeat_done(result, answer);
  else if (doing == Doing::kBatch) batch_done(result, answer);
  else reading_done(result, answer);
  if (!success) return;
  const std::string_view command = commands_.take(answer);
  if (!command.empty()) parts_.observer.on_command(command, commands_.remembered());
}

std::string_view Uplink::name_of(Doing doing) {
  if (doing == Doing::kHeartbeat) return "POST /api/heartbeat";
  return doing == Doing::kBatch ? "POST /api/reading/batch" : "POST /api/reading";
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
    start_reason_ = StartReason::kUnknown;
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
  const bool ok = is_success(result.status);
  const bool refused = is_refusal_of_body(result.status) && !keep_refused_;
  if (!ok && !refused) return reading_failed(result);
  got_through();
  settle(0, ok, result.status, answer);
}

void Uplink::batch_done(const HttpResult& result, const BackendAnswer& answer) {
  const std::string_view outcomes = answer.outcomes.view();
  if (!is_success(result.status) || outcomes.size() != sending_size_) {
    return batch_not_taken(result);
  }
  const std::uint32_t n = settled(outcomes, keep_refused_);
  if (n == sending_size_) got_through();
  for (std::uint32_t i = 0; i < n; ++i) {
    const bool ok = outcomes[i] != 'r';
    settle(i, ok, ok ? result.status : kRefusedStatus, answer);
  }
  if (n < sending_size_) reading_failed({kRefusedStatus, {}, true, {}});
}

// Whatever the reason: its readings are all still there.
void Uplink::batch_not_taken(const HttpResult& result) {
  if (is_success(result.status) || is_unknown_route(result.status)) {
    batch_from_ = now_ + kBatchUnknownMs;
    return reading_retry_.succeed(now_ + kReadingGapMs);
  }
  if (is_refusal_of_body(result.status)) {
    batch_most_ = 1;  // alone each is told whether it is that one
    return reading_retry_.succeed(now_ + kReadingGapMs);
  }
  if (result.status == 0 && result.connected) batch_most_ = sending_size_ / 2;
  reading_failed(result);
}

void Uplink::reading_failed(const HttpResult& result) {
  reading_retry_.fail(now_, range_of(result.status), random_);
  remember_failures();
  Reading reading;
  reading.seq = sending_[0];
  const ReadingQueue& queue = parts_.queue;
  if (!queue.empty()) reading = queue.waiting(0);
  parts_.observer.on_reading({false, result.status, reading, queue.size(), {}});
}

void Uplink::got_through() {
  if (sending_size_ >= batch_most_) {
    batch_most_ = 2 * sending_size_ < kBatchMax ? 2 * sending_size_ : kBatchMax;
  }
  reading_retry_.succeed(now_ + kReadingGapMs);
  remember_failures();
}

// Takes the `i`th of those that were sent off the queue. While it was on its way a full queue may
// have dropped it to make room.
void Uplink::settle(std::uint32_t i, bool ok, int status, const BackendAnswer& answer) {
  Reading reading;
  reading.seq = sending_[i];
  ReadingQueue& queue = parts_.queue;
  if (!queue.empty() && queue.front().seq == reading.seq) {
    reading = queue.front();
    queue.pop_front();
  }
  count_up(ok ? sent_ : refused_);
  parts_.observer.on_reading({ok, status, reading, queue.size(), answer.config_version});
}

// `sf` goes on across a restart. Written at most once per failed try, and those are minutes apart.
void Uplink::remember_failures() {
  const std::uint32_t failures = reading_retry_.failures();
  std::uint32_t stored = 0;
  parts_.kv.get_u32(KeyValue::Store::kState, kFailuresKey, stored);
  if (stored != failures) parts_.kv.set_u32(kFailuresKey, failures);
}

}  // namespace jambox
