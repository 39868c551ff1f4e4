// Runs a table of bring-up steps on the AT engine and reports each change. Knows no console.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/modem/at_engine.h"
#include "core/modem/bringup_steps.h"

namespace jambox {

enum class StepState : std::uint8_t { kRunning, kOk, kWarning, kFailed };

struct StepReport {
  std::uint8_t number;
  StepState state;
  std::uint16_t attempt;  // within the step, from 1
  std::string_view said;  // the modem's last words, valid during the call
};

class BringupObserver {
 public:
  virtual void on_step(const StepReport& report) = 0;
  // `number` of the last step tried; `address` only when ok.
  virtual void on_bringup_done(bool ok, std::uint8_t number, std::string_view address) = 0;

 protected:
  ~BringupObserver() = default;
};

class Bringup final : public AtCaller {
 public:
  Bringup(AtEngine& at, BringupObserver& observer) : at_(at), observer_(observer) {}

  // Starts `table` from its first step; a run in progress is given up. `settings` must outlive it.
  void start(std::span<const Step> table, const ModemSettings& settings, Millis now);
  bool running() const { return phase_ != Phase::kIdle; }
  void tick(Millis now, Wake& wake);

  void on_at_done(AtOutcome outcome) override;

 private:
  enum class Phase : std::uint8_t { kIdle, kWaiting, kSent, kAnswered };

  const Step& step() const { return table_[index_]; }
  void enter_step(Millis now);
  void send(Millis now);
  void judge(Millis now);
  void judge_follow_up(Millis now);
  void try_again(Millis now);
  void pass(Millis now);
  void settle(Millis now);
  void fail(Millis now);
  void next_step(Millis now);
  void report(StepState state);
  void wait_until(Millis when, Command command);

  AtEngine& at_;
  BringupObserver& observer_;
  std::span<const Step> table_;
  const ModemSettings* settings_ = nullptr;
  std::size_t index_ = 0;
  Phase phase_ = Phase::kIdle;
  Command command_ = Command::kNone;  // the one to send next, or on its way
  bool silencing_echo_ = false;       // an ATE0 went out before `command_`
  bool recovered_ = false;
  std::size_t settling_ = 0;  // how many of kSettling were asked; 0: none
  bool abandoned_ = false;    // a restart came while a command was running: ignore its outcome
  int hopeless_ = 0;
  std::uint16_t attempt_ = 1;
  Millis began_at_ = 0;
  Millis next_at_ = 0;
  AtOutcome outcome_ = AtOutcome::kOk;
  FixedText<AtEngine::kSaidMax> said_;
  FixedText<46> address_;  // the longest textual IPv6 address
};

}  // namespace jambox
