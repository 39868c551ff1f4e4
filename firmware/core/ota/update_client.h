// Updates over the air: asks for one, loads it chunk by chunk, has it installed, starts it on
// trial, keeps it once it has delivered a reading or goes back, tells the backend how it ended.
// Knows no patch format. State over restarts: docs/formats/ota-state.md; rules: decision 0024.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/backoff.h"
#include "core/console/log_level.h"
#include "core/identity/identity.h"
#include "core/ota/download.h"
#include "core/ota/installer.h"
#include "core/ota/offer.h"
#include "core/ota/update_record.h"
#include "core/ports/key_value.h"
#include "core/uplink/uplink_task.h"

namespace jambox {

class UpdateObserver {
 public:
  // A line for the log.
  virtual void on_update(LogLevel level, std::string_view text) = 0;
  // The unit should restart soon: into the new image, or back to the old one.
  virtual void on_update_restart() = 0;

 protected:
  ~UpdateObserver() = default;
};

class UpdateClient final : public UplinkTask {
 public:
  struct Parts {
    Flash& patch;
    Slots& slots;
    KeyValue& kv;
    UpdateObserver& observer;
  };
  // Identity and version must outlive it.
  UpdateClient(const Parts& parts, const Identity& identity, std::string_view version);

  void start(Millis now);
  void tick(Millis now, Wake& wake);
  // Asks at once, and for a patch that was given up as well: somebody wants it.
  void check_now();
  // Something else than the image keeps readings from being taken: if the trial ends without one,
  // that is no verdict, and the update may be tried again.
  void excuse_trial() { excused_ = true; }
  // The backend has taken a reading: the running image works.
  void on_delivered(Millis now);
  // An image is being written, or about to be started.
  bool installing() const { return phase_ == Phase::kInstalling || phase_ == Phase::kLeaving; }
  bool on_trial() const { return phase_ == Phase::kTrial; }
  // On trial, and there is an earlier image that would start instead.
  bool may_go_back() const { return on_trial() && parts_.slots.can_go_back(); }

  Millis wanted_at() const override;
  bool begin(HttpClient& http, HttpObserver& observer, Millis now) override;
  void on_answer(const HttpResult& result, Millis now, std::uint32_t random) override;
  std::string_view path() const override;

  // After a start readings go first, and the backend may say so by a command anyway.
  static constexpr Millis kFirstCheckMs = 60'000;
  static constexpr Millis kCheckMs = 24 * 3'600'000;
  // The backend allows 500 chunks an hour; this makes 480.
  static constexpr Millis kChunkGapMs = 7'500;
  // The longest reporting interval is 60 min, the longest pause after failures 19 min, coming
  // online takes minutes: whoever has not delivered in 2 h does not.
  static constexpr Millis kTrialMs = 2 * 3'600'000;
  // Answers in a row that are no good chunk.
  static constexpr int kDamagedMax = 5;

 private:
  enum class Phase : std::uint8_t { kWaiting, kLoading, kInstalling, kTrial, kLeaving };
  enum class Asked : std::uint8_t { kCheck, kChunk, kReport };

  void end_of_trial_found(std::string_view target);
  bool ask_check(HttpClient& http, HttpObserver& observer, Millis now);
  bool ask_chunk(HttpClient& http, HttpObserver& observer, Millis now);
  bool send_report(HttpClient& http, HttpObserver& observer, Millis now);
  void on_check(const HttpResult& result, Millis now, std::uint32_t random);
  void on_chunk(const HttpResult& result, Millis now, std::uint32_t random);
  void note_progress();
  void on_report(const HttpResult& result, Millis now, std::uint32_t random);
  void take_chunk(std::string_view body, Millis now, std::uint32_t random);
  void load(Millis now);
  void install(Millis now);
  void on_installed(Millis now);
  void switch_over(Millis now);
  void end_trial();
  void try_again(std::string_view why, Millis now);
  void note_failure(std::string_view target, std::string_view error);
  void fail(std::string_view target, std::string_view error);
  void give_up(std::string_view error, Millis now);
  void succeed(std::string_view target);
  void say(LogLevel level, std::string_view text, std::string_view detail = {});

  Parts parts_;
  const Identity& identity_;
  std::string_view version_;
  Download download_;
  Installer installer_;
  UpdateRecord record_;
  Offer offer_;
  Phase phase_ = Phase::kWaiting;
  Asked asked_ = Asked::kCheck;
  Backoff check_retry_;
  Backoff chunk_retry_;
  Backoff report_retry_;
  Millis trial_until_ = 0;
  std::uint32_t reached_ = 0;  // the most chunks that were ever stored of this load
  int damaged_ = 0;
  bool outcome_waits_ = false;
  bool excused_ = false;
};

}  // namespace jambox
