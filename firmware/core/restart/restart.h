// The chip's restart: when it comes, what waits for it, what it says to the bench. One restart
// serves all who want it. Knows the reasons by name, and acts on none.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/units.h"
#include "core/console/events.h"
#include "core/ports/system.h"
#include "core/restart/start_reason.h"

namespace jambox {

class RestartHost {
 public:
  // Any restart ends the trial of an image.
  virtual bool on_trial() { return false; }
  // The chip restarts next, for that reason: what would be lost is stored now. Called once.
  virtual void before_restart(StartReason) {}

 protected:
  ~RestartHost() = default;
};

// Why the unit itself wants one.
enum class RestartReason : std::uint8_t {
  kReceiver,  // one does not listen
  kSilence,   // nothing has reached the backend for hours
  kCommand,   // the backend's
  kClock,     // set wrong before; it never goes back
  kUpdate
};

class Restart {
 public:
  Restart(System& system, Events& events, RestartHost& host)
      : system_(system), events_(events), host_(host) {}

  // A restart that the unit itself wants.
  void soon(RestartReason why, Millis now);
  // One that can wait until no image is on trial.
  void after_trial(RestartReason why, Millis now);
  // One that the bench wants; logs what it should know of it, ahead of the answer.
  void for_bench(Millis now);
  // One of the unit's own will come soon: nothing long is to be begun.
  bool is_near() const { return own_at_ != 0; }
  void tick(Millis now, Wake& wake);

  // Lets the modem close the connection and the console speak.
  static constexpr Millis kSoonMs = 1000;
  // Lets the answer to the bench leave.
  static constexpr Millis kAnswerMs = 50;

 private:
  void prepare(StartReason why);

  System& system_;
  Events& events_;
  RestartHost& host_;
  Millis own_at_ = 0;  // 0: not wanted
  RestartReason own_why_ = RestartReason::kCommand;
  Millis bench_at_ = 0;                 // 0: not wanted
  std::optional<RestartReason> later_;  // why there is to be one once no image is on trial
  bool prepared_ = false;               // nothing is lost by it any more
};

}  // namespace jambox
