// Decides what goes to the backend next: the heartbeat when due, then small tasks, the oldest
// reading or several of them, long tasks; at a bounded rate and with growing pauses after failures.
// Knows no modem.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/backoff.h"
#include "core/clock/wall_clock.h"
#include "core/heartbeat/heartbeat.h"
#include "core/identity/identity.h"
#include "core/modem/http_client.h"
#include "core/ports/key_value.h"
#include "core/ports/system.h"
#include "core/reading/reading_batch.h"
#include "core/reading/reading_queue.h"
#include "core/restart/start_reason.h"
#include "core/uplink/command_box.h"
#include "core/uplink/uplink_task.h"

namespace jambox {

struct HeartbeatReport {
  bool ok;
  int status;
  bool clock_synced;
  std::optional<std::int64_t> config_version;
  WallClock::Sync clock = WallClock::Sync::kTaken;  // of the time that came, if one did
};

struct ReadingReport {
  bool ok;
  int status;
  const Reading& reading;
  std::uint32_t queue;  // still kept after this
  std::optional<std::int64_t> config_version = {};
};

class UplinkObserver {
 public:
  virtual void on_request_done(std::string_view path, const HttpResult& result) = 0;
  virtual void on_heartbeat(const HeartbeatReport& report) = 0;
  virtual void on_reading(const ReadingReport& report) = 0;
  // Not `remembered`: after a restart it would be delivered and executed again (command_box.h).
  virtual void on_command(std::string_view name, bool remembered) = 0;

 protected:
  ~UplinkObserver() = default;
};

class Uplink final : public HttpObserver {
 public:
  struct Parts {
    HttpClient& http;
    WallClock& clock;
    ReadingQueue& queue;
    KeyValue& kv;
    UplinkObserver& observer;
    System& system;  // how much memory is free
  };
  // Both must outlive it.
  Uplink(const Parts& parts, const Identity& identity, std::string_view firmware)
      : parts_(parts), commands_(parts.kv), identity_(identity), firmware_(firmware) {}

  void start();
  // `urgent` go before readings, `patient` when nothing else wants to. All must outlive it.
  void set_tasks(std::span<UplinkTask* const> urgent, std::span<UplinkTask* const> patient) {
    urgent_ = urgent;
    patient_ = patient;
  }
  // `free`: the modem is online and nobody uses it. `signal_dbm`: 0 = unknown.
  void tick(Millis now, bool free, int signal_dbm, std::uint32_t random, Wake& wake);
  // Waiting readings and a failed heartbeat go at once, whatever pause they are in.
  void hurry();
  // Counts from the last heartbeat; one that was brought forward for a reason stays where it is.
  void set_heartbeat_interval(Millis interval_ms);
  // What heartbeats say of the configuration in use.
  void set_config_version(std::uint32_t version) { config_version_ = version; }
  // Receivers that do not listen (capture/radio_health.h); a change goes out soon, as a note does.
  void set_radio(std::uint8_t broken, Millis now);
  // Heartbeats say why the unit started until one was taken.
  void set_start_reason(StartReason why) { start_reason_ = why; }
  // While `on`, a reading that the backend refuses as malformed is kept and tried again: what this
  // image on trial cannot make understood is left to the one that comes back.
  void keep_refused(bool on) { keep_refused_ = on; }
  // Sends `text` with a heartbeat, soon; a later note replaces one that has not gone out. What
  // is no printable ASCII becomes '?'. A note that is refused as malformed is dropped.
  void note(std::string_view text, Millis now);
  // Something has to reach the backend and has not yet.
  bool wanting(Millis now) const {
    return !parts_.queue.empty() || now >= heartbeat_retry_.next_at() || !heard_from_;
  }

  // What was sent last did not get through, or was not taken: a reading, or the heartbeat.
  bool failing() const { return send_failures() > 0 || heartbeat_retry_.failures() > 0; }

  std::uint32_t send_failures() const { return reading_retry_.failures(); }
  std::uint32_t sent() const { return sent_; }
  // Readings the backend refused as malformed; they are dropped, so that they block nothing
  // (but see keep_refused).
  std::uint32_t refused() const { return refused_; }

  void on_http_done(const HttpResult& result) override;

  static constexpr Millis kHeartbeatMs = 24 * 3'600'000;
  // A backend that does not know batches is asked again: it may have been renewed.
  static constexpr Millis kBatchUnknownMs = 24 * 3'600'000;
  // Catching up: one request each two seconds leaves the modem time for the network.
  static constexpr Millis kReadingGapMs = 2'000;
  // A note brings the heartbeat forward, but not to more than six of the ten an hour.
  static constexpr Millis kNoteGapMs = 600'000;
  // A doubtful time is asked for again.
  static constexpr Millis kConfirmMs = 60'000;
  // And as long as there is no clock at all: readings wait for it.
  static constexpr Millis kUnsetMs = 600'000;
  // Readings wait this long for the clock once the backend answers: decision 0027.
  static constexpr Millis kUndatedHoldMs = 3'600'000;

 private:
  enum class Doing : std::uint8_t { kNothing, kHeartbeat, kReading, kBatch, kTask };

  static std::string_view name_of(Doing doing);
  void send_heartbeat(Millis now, int signal_dbm);
  void send_readings(Millis now, int signal_dbm);
  bool may_batch(Millis now) const;
  std::uint32_t add_batch(const SendContext& context, Millis now);
  std::int64_t age_s(std::uint32_t i, Millis now) const;
  void heartbeat_done(const HttpResult& result, const BackendAnswer& answer);
  void reading_done(const HttpResult& result, const BackendAnswer& answer);
  void batch_done(const HttpResult& result, const BackendAnswer& answer);
  void batch_not_taken(const HttpResult& result);
  void reading_failed(const HttpResult& result);
  void got_through();
  void settle(std::uint32_t i, bool ok, int status, const BackendAnswer& answer);
  bool may_send_reading(Millis now) const;
  Millis early_after(WallClock::Sync sync) const;
  void plan_heartbeat();
  void report_soon(Millis now);
  void task_done(const HttpResult& result);
  bool send_task(std::span<UplinkTask* const> tasks, Millis now);
  void remember_failures();

  Parts parts_;
  CommandBox commands_;
  const Identity& identity_;
  std::string_view firmware_;
  Doing doing_ = Doing::kNothing;
  Backoff heartbeat_retry_;
  Backoff reading_retry_;
  std::span<UplinkTask* const> urgent_;
  std::span<UplinkTask* const> patient_;
  UplinkTask* task_ = nullptr;  // the one whose request is under way
  Millis heartbeat_ms_ = kHeartbeatMs;
  Millis heartbeat_at_ = 0;  // of the last that succeeded
  // A reason to send the next before its interval is over; kNever: there is none.
  Millis heartbeat_early_at_ = UplinkTask::kNever;
  Millis now_ = 0;  // of the latest tick, for what happens in callbacks
  std::uint32_t random_ = 0;
  bool ack_sent_ = false;
  bool heard_from_ = false;  // a heartbeat has succeeded or been refused since boot
  bool note_sent_ = false;
  bool keep_refused_ = false;
  Millis undated_from_ = 0;  // when readings without a date may go, once heard_from_
  std::uint32_t config_version_ = 0;
  std::uint8_t radio_ = 0;
  StartReason start_reason_ = StartReason::kUnknown;
  FixedText<kNoteMax> note_;
  std::uint32_t sending_[kBatchMax] = {};  // numbers of the readings under way, oldest first
  std::uint32_t sending_size_ = 0;
  std::uint32_t batch_most_ = kBatchMax;  // readings of the next batch; 1: it goes alone
  Millis batch_from_ = 0;                 // none before
  std::uint32_t sent_ = 0;
  std::uint32_t refused_ = 0;
  FixedText<kBatchJsonMax> body_;
};

}  // namespace jambox
