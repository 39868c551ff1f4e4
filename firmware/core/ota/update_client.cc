// Updates, see update_client.h.
#include "core/ota/update_client.h"

#include <cstring>

#include "core/json/json_writer.h"

namespace jambox {

namespace {

// The backend allows ten questions and ten reports an hour.
constexpr Backoff::Range kQuestionRetry{600'000, 6 * 3'600'000};
// A chunk is one of hundreds: soon again at first, as for readings.
constexpr Backoff::Range kChunkRetry{10'000, 900'000};
constexpr Backoff::Range kChunkBusyRetry{120'000, 1'800'000};

// The backend understood and will never say yes.
bool was_refused_for_good(int status) { return status == 400 || status == 404 || status == 410; }

// A version in a query: of its characters only the plus means something else there.
void add_query_version(TextBuilder& out, std::string_view version) {
  for (const char c : version) {
    if (c == '+') out.add("%2B");
    else out.add(c);
  }
}

}  // namespace

UpdateClient::UpdateClient(const Parts& parts, const Identity& identity, std::string_view version)
    : parts_(parts),
      identity_(identity),
      version_(version),
      download_(parts.patch, parts.kv),
      installer_(parts.patch, parts.slots),
      record_(parts.kv) {}

void UpdateClient::start(Millis now) {
  check_retry_.succeed(now + kFirstCheckMs);
  FixedText<kVersionChars> target;
  FixedText<kUpdateErrorMax> error;
  outcome_waits_ = record_.outcome(target, error);
  if (parts_.slots.pending_verify()) {
    phase_ = Phase::kTrial;
    trial_until_ = now + kTrialMs;
    say(LogLevel::kInfo, "this version is on trial until it has delivered a reading");
  }
  UpdateRecord::Digest digest;
  if (!record_.trial(digest, target)) return;
  const auto running = find_app_image(parts_.slots.running(), Installer::kSlotBytes);
  const bool mine = running && std::memcmp(running->digest, digest, sizeof digest) == 0;
  if (!mine) end_of_trial_found(target.view());
  else if (phase_ != Phase::kTrial) succeed(target.view());  // the power failed after confirming
}

// The image that was to be tried does not run, and did not say why: it crashed, never started, or
// the power was cut.
void UpdateClient::end_of_trial_found(std::string_view target) {
  record_.clear_trial();
  if (download_.attempts_left())
    return say(LogLevel::kWarning, "did not stay up, will be tried again: ", target);
  fail(target, "the new version did not stay up; the unit went back");
}

Millis UpdateClient::wanted_at() const {
  if (phase_ != Phase::kWaiting && phase_ != Phase::kLoading) return kNever;
  if (outcome_waits_) return report_retry_.next_at();
  return phase_ == Phase::kLoading ? chunk_retry_.next_at() : check_retry_.next_at();
}

void UpdateClient::check_now() {
  download_.pardon();
  check_retry_.hurry();
}

bool UpdateClient::begin(HttpClient& http, HttpObserver& observer, Millis now) {
  if (outcome_waits_) return send_report(http, observer, now);
  return phase_ == Phase::kLoading ? ask_chunk(http, observer, now)
                                   : ask_check(http, observer, now);
}

std::string_view UpdateClient::path() const {
  if (asked_ == Asked::kChunk) return "GET /api/ota/chunk";
  return asked_ == Asked::kCheck ? "POST /api/ota/check" : "POST /api/ota/complete";
}

bool UpdateClient::ask_check(HttpClient& http, HttpObserver& observer, Millis now) {
  FixedText<96> body;
  JsonWriter(body).text("d", identity_.device_id()).text("v", version_).end();
  asked_ = Asked::kCheck;
  return http.post("/api/ota/check", body.view(), observer, now);
}

bool UpdateClient::ask_chunk(HttpClient& http, HttpObserver& observer, Millis now) {
  FixedText<300> path;
  path.add("/api/ota/chunk?d=").add(identity_.device_id()).add("&from=");
  add_query_version(path, version_);
  path.add("&to=");
  add_query_version(path, offer_.target.view());
  path.add("&chunk=").add_int(download_.next());
  asked_ = Asked::kChunk;
  return http.get(path.view(), observer, now);
}

bool UpdateClient::send_report(HttpClient& http, HttpObserver& observer, Millis now) {
  FixedText<kVersionChars> target;
  FixedText<kUpdateErrorMax> error;
  outcome_waits_ = record_.outcome(target, error);
  if (!outcome_waits_) return false;
  FixedText<2 * kUpdateErrorMax + 120> body;  // escapes may double the error
  JsonWriter json(body);
  json.text("d", identity_.device_id()).text("v", target.view());
  json.boolean("success", error.empty());
  if (!error.empty()) json.text("error", error.view());
  json.end();
  asked_ = Asked::kReport;
  return http.post("/api/ota/complete", body.view(), observer, now);
}

void UpdateClient::on_answer(const HttpResult& result, Millis now, std::uint32_t random) {
  if (asked_ == Asked::kCheck) on_check(result, now, random);
  else if (asked_ == Asked::kChunk) on_chunk(result, now, random);
  else on_report(result, now, random);
}

void UpdateClient::on_check(const HttpResult& result, Millis now, std::uint32_t random) {
  std::string_view why;
  OfferKind kind = OfferKind::kNoAnswer;
  if (is_success(result.status)) kind = parse_offer(result.body, version_, offer_, why);
  if (kind == OfferKind::kNoAnswer) return check_retry_.fail(now, kQuestionRetry, random);
  check_retry_.succeed(now + kCheckMs);
  if (kind == OfferKind::kNone) return;
  if (kind == OfferKind::kUnusable) return note_failure(offer_.target.view(), why);
  // Who made the patch is asked here once releases are signed (docs/decisions/0025).
  if (download_.condemned(offer_))
    return say(LogLevel::kWarning, "already failed here: ", offer_.target.view());
  if (!download_.open(offer_)) return say(LogLevel::kError, "the update's state cannot be stored");
  load(now);
}

void UpdateClient::load(Millis now) {
  if (!download_.attempts_left()) {
    return give_up("three attempts to install it have failed", now);
  }
  phase_ = Phase::kLoading;
  damaged_ = 0;
  reached_ = download_.next();
  chunk_retry_.succeed(now);
  FixedText<80> text;
  text.add(offer_.target.view()).add(", chunk ").add_int(download_.next()).add(" of ");
  say(LogLevel::kInfo, "loading ", text.add_int(offer_.chunks()).view());
  if (download_.complete(offer_)) install(now);
}

void UpdateClient::on_chunk(const HttpResult& result, Millis now, std::uint32_t random) {
  if (is_success(result.status)) return take_chunk(result.body, now, random);
  if (!was_refused_for_good(result.status)) {
    return chunk_retry_.fail(now, result.status == 429 ? kChunkBusyRetry : kChunkRetry, random);
  }
  say(LogLevel::kWarning, "the backend has withdrawn ", offer_.target.view());
  download_.drop();
  phase_ = Phase::kWaiting;
  check_retry_.fail(now, kQuestionRetry, random);
}

void UpdateClient::take_chunk(std::string_view body, Millis now, std::uint32_t random) {
  Chunk chunk;
  const std::uint32_t number = download_.next();
  std::string_view problem = parse_chunk(body, offer_, number, chunk);
  if (problem.empty() && !download_.put(chunk)) problem = "the flash does not take it";
  if (problem.empty()) {
    note_progress();
    chunk_retry_.succeed(now + kChunkGapMs);
    if (download_.complete(offer_)) install(now);
    return;
  }
  chunk_retry_.fail(now, kChunkRetry, random);
  FixedText<kUpdateErrorMax> error;
  error.add("chunk ").add_int(number).add(": ").add(problem);
  say(LogLevel::kWarning, error.view());
  if (++damaged_ < kDamagedMax) return;
  // Not the patch's fault: what is there stays, and the next day's question goes on with it.
  note_failure(offer_.target.view(), error.view());
  phase_ = Phase::kWaiting;
}

// Chunks stored once more, for the sake of their sector, are none.
void UpdateClient::note_progress() {
  if (download_.next() <= reached_) return;
  reached_ = download_.next();
  damaged_ = 0;
}

void UpdateClient::on_report(const HttpResult& result, Millis now, std::uint32_t random) {
  if (!is_success(result.status) && !was_refused_for_good(result.status)) {
    return report_retry_.fail(now, kQuestionRetry, random);
  }
  report_retry_.succeed(now);
  record_.clear_outcome();
  outcome_waits_ = false;
}

void UpdateClient::install(Millis now) {
  if (!download_.begin_attempt()) return try_again("the attempt cannot be noted", now);
  phase_ = Phase::kInstalling;
  say(LogLevel::kInfo, "installing ", offer_.target.view());
  installer_.start(offer_.patch_size, offer_.sha256);
}

void UpdateClient::tick(Millis now, Wake& wake) {
  if (phase_ == Phase::kTrial) {
    if (now >= trial_until_) end_trial();
    wake.at(trial_until_);
  }
  if (phase_ != Phase::kInstalling) return;
  installer_.tick();
  if (installer_.state() != Installer::State::kWorking) on_installed(now);
  wake.soon();
}

void UpdateClient::on_installed(Millis now) {
  const Installer::State state = installer_.state();
  installer_.stop();
  if (state == Installer::State::kReady) return switch_over(now);
  if (state == Installer::State::kRefused) return give_up(installer_.why(), now);
  if (state == Installer::State::kDamaged) download_.restart();
  try_again(installer_.why(), now);
}

void UpdateClient::switch_over(Millis now) {
  const AppImage& image = installer_.image();
  const auto running = find_app_image(parts_.slots.running(), Installer::kSlotBytes);
  if (running && std::memcmp(running->digest, image.digest, sizeof image.digest) == 0) {
    return give_up("the new image is the one that runs", now);
  }
  // Noted before the switch: whoever starts next must know whether the new image was tried.
  if (!record_.set_trial(image.digest, offer_.target.view())) {
    return try_again("the trial cannot be noted", now);
  }
  if (!parts_.slots.set_boot_next()) {
    record_.clear_trial();
    return try_again("the boot slot cannot be changed", now);
  }
  phase_ = Phase::kLeaving;
  say(LogLevel::kInfo, "restarting into ", offer_.target.view());
  parts_.observer.on_update_restart();
}

void UpdateClient::on_delivered(Millis now) {
  if (phase_ != Phase::kTrial || !parts_.slots.confirm()) return;
  phase_ = Phase::kWaiting;
  check_retry_.succeed(now + kCheckMs);
  UpdateRecord::Digest digest;
  FixedText<kVersionChars> target;
  if (record_.trial(digest, target)) succeed(target.view());
}

void UpdateClient::end_trial() {
  trial_until_ += kTrialMs;
  if (!parts_.slots.can_go_back())
    return say(LogLevel::kWarning, "no reading delivered, and no way back");
  UpdateRecord::Digest digest;
  FixedText<kVersionChars> target;
  if (excused_) {
    say(LogLevel::kWarning,
        "no reading delivered, but not for the image's fault: going back without a verdict");
  } else if (record_.trial(digest, target)) {
    fail(target.view(), "no reading was delivered within two hours; the unit went back");
  }
  phase_ = Phase::kLeaving;
  parts_.observer.on_update_restart();  // unconfirmed, so the bootloader takes the other image
}

// The patch stays where it is; the backend is asked again first, for it may have changed its mind.
void UpdateClient::try_again(std::string_view why, Millis now) {
  phase_ = Phase::kWaiting;
  check_retry_.succeed(now + kQuestionRetry.first_ms);
  say(LogLevel::kWarning, "will be tried again: ", why);
}

void UpdateClient::give_up(std::string_view error, Millis now) {
  phase_ = Phase::kWaiting;
  check_retry_.succeed(now + kCheckMs);
  fail(offer_.target.view(), error);
}

// To be reported; nothing is held against the patch.
void UpdateClient::note_failure(std::string_view target, std::string_view error) {
  record_.set_outcome(target, error);
  outcome_waits_ = true;
  say(LogLevel::kError, "failed: ", error);
}

void UpdateClient::fail(std::string_view target, std::string_view error) {
  note_failure(target, error);
  download_.condemn();
  record_.clear_trial();
}

void UpdateClient::succeed(std::string_view target) {
  record_.set_outcome(target, {});
  outcome_waits_ = true;
  download_.drop();
  record_.clear_trial();
  say(LogLevel::kInfo, "confirmed: ", target);
}

void UpdateClient::say(LogLevel level, std::string_view text, std::string_view detail) {
  FixedText<200> line;
  parts_.observer.on_update(level, line.add(text).add(detail).view());
}

}  // namespace jambox
