// Bring-up runner, see bringup.h.
#include "core/modem/bringup.h"

#include <iterator>

namespace jambox {

void Bringup::start(std::span<const Step> table, const ModemSettings& settings, Millis now) {
  if (phase_ == Phase::kSent) abandoned_ = true;
  table_ = table;
  settings_ = &settings;
  index_ = 0;
  silencing_echo_ = false;
  address_.clear();
  enter_step(now);
}

void Bringup::enter_step(Millis now) {
  attempt_ = 1;
  hopeless_ = 0;
  recovered_ = false;
  settling_ = 0;
  began_at_ = now;
  said_.clear();
  wait_until(now + step().wait_ms, step().command);
  report(StepState::kRunning);
}

void Bringup::wait_until(Millis when, Command command) {
  phase_ = Phase::kWaiting;
  command_ = command;
  next_at_ = when;
}

void Bringup::tick(Millis now, Wake& wake) {
  if (phase_ == Phase::kAnswered) judge(now);
  if (phase_ == Phase::kWaiting) {
    if (now >= next_at_) send(now);
    else wake.at(next_at_);
  }
  if (phase_ == Phase::kAnswered) wake.soon();
}

// Waits for the engine when the console uses it in between; that is seconds at most.
void Bringup::send(Millis now) {
  if (at_.busy()) return;
  if (command_ == Command::kLeaveDataMode) {
    if (at_.leave_data_mode(*this, now)) phase_ = Phase::kSent;
    return;
  }
  silencing_echo_ = at_.echo_seen() && command_ != Command::kEchoOff && command_ != Command::kAt;
  const Command command = silencing_echo_ ? Command::kEchoOff : command_;
  FixedText<AtEngine::kCommandMax> text;
  command_text(command, *settings_, text);
  AtRequest request;
  request.text = text.view();
  request.answer = answer_prefix(command);
  request.answer_required = answer_required(command);
  request.timeout_ms = step().timeout_ms;
  if (command == Command::kEchoOff) at_.clear_echo_seen();
  if (at_.start(request, *this, now)) phase_ = Phase::kSent;
}

void Bringup::on_at_done(AtOutcome outcome) {
  if (abandoned_) {
    abandoned_ = false;
    return;
  }
  outcome_ = outcome;
  phase_ = Phase::kAnswered;
}

void Bringup::judge(Millis now) {
  if (silencing_echo_) {
    silencing_echo_ = false;
    at_.clear_echo_seen();  // its own echo; one attempt per sighting, so this cannot loop
    return wait_until(now, command_);
  }
  // ATE0 is echoed itself; that is not a sign of a restart.
  if (command_ == Command::kEchoOff) at_.clear_echo_seen();
  if (settling_ > 0) return settle(now);
  if (command_ == step().recover && recovered_) {
    return wait_until(now + step().recover_wait_ms, step().command);
  }
  said_.assign(at_.said());
  if (command_ == step().follow_up && command_ != step().command) return judge_follow_up(now);
  const Verdict verdict = step().judge({outcome_, at_.answers(), at_.said()});
  if (verdict == Verdict::kPass) {
    if (step().command == Command::kAddress) address_.assign(address_in(at_.answers()));
    if (step().follow_up != Command::kNone) return wait_until(now, step().follow_up);
    return pass(now);
  }
  hopeless_ = verdict == Verdict::kHopeless ? hopeless_ + 1 : 0;
  if (step().fallback != Command::kNone && command_ == step().command) {
    return wait_until(now, step().fallback);
  }
  try_again(now);
}

void Bringup::judge_follow_up(Millis now) {
  if (outcome_ == AtOutcome::kOk) return pass(now);
  try_again(now);
}

void Bringup::try_again(Millis now) {
  const Step& s = step();
  const bool tries_left = s.tries == 0 || attempt_ < s.tries;
  const bool time_left = s.budget_ms == 0 || now + s.gap_ms - began_at_ < s.budget_ms;
  if (!tries_left || !time_left || hopeless_ >= kHopelessMax) return fail(now);
  ++attempt_;
  report(StepState::kRunning);
  const bool recover =
      s.recover != Command::kNone && !recovered_ && now - began_at_ >= s.recover_after_ms;
  if (recover) recovered_ = true;
  wait_until(now + s.gap_ms, recover ? s.recover : s.command);
}

void Bringup::pass(Millis now) {
  report(StepState::kOk);
  if (step().settles) return settle(now);
  next_step(now);
}

void Bringup::settle(Millis now) {
  if (settling_ >= std::size(kSettling)) return next_step(now);
  wait_until(now, kSettling[settling_++]);
}

void Bringup::fail(Millis now) {
  report(step().optional ? StepState::kWarning : StepState::kFailed);
  if (step().optional) return next_step(now);
  phase_ = Phase::kIdle;
  observer_.on_bringup_done(false, step().number, {});
}

void Bringup::next_step(Millis now) {
  if (index_ + 1 < table_.size()) {
    ++index_;
    return enter_step(now);
  }
  phase_ = Phase::kIdle;
  observer_.on_bringup_done(true, step().number, address_.view());
}

void Bringup::report(StepState state) {
  observer_.on_step({step().number, state, attempt_, said_.view()});
}

}  // namespace jambox
