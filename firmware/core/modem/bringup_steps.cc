// Bring-up tables, see bringup_steps.h.
#include "core/modem/bringup_steps.h"

namespace jambox {

namespace {

Verdict pass_if(bool ok) { return ok ? Verdict::kPass : Verdict::kRetry; }

Verdict judge_ok(const Answer& a) { return pass_if(a.outcome == AtOutcome::kOk); }

Verdict judge_any_answer(const Answer& a) { return pass_if(a.outcome != AtOutcome::kTimeout); }

template <typename Says>
bool any_line(std::string_view lines, Says says) {
  while (!lines.empty()) {
    if (says(take_until(lines, '\n'))) return true;
  }
  return false;
}

Verdict judge_sim(const Answer& a) {
  const auto is_ready = [](std::string_view line) { return parse_sim(line) == SimState::kReady; };
  if (a.outcome == AtOutcome::kOk && any_line(a.lines, is_ready)) return Verdict::kPass;
  switch (parse_sim(a.said)) {
    case SimState::kMissing:
    case SimState::kLocked:
    case SimState::kFailed: return Verdict::kHopeless;
    default: return Verdict::kRetry;
  }
}

Verdict judge_registered(const Answer& a) {
  const int stat = registration_in(a.lines).value_or(-1);
  if (is_registered(stat)) return Verdict::kPass;
  return stat == 3 ? Verdict::kHopeless : Verdict::kRetry;
}

Verdict judge_net_open(const Answer& a) {
  const bool opened = a.outcome == AtOutcome::kOk && any_line(a.lines, says_stack_open);
  return pass_if(opened || says_stack_open(a.said));
}

Verdict judge_address(const Answer& a) { return pass_if(!address_in(a.lines).empty()); }

constexpr std::uint32_t kSecond = 1000;
constexpr std::uint32_t kMinute = 60 * kSecond;

constexpr Step kModemAnswers{.number = 1,
                             .command = Command::kAt,
                             .judge = judge_ok,
                             .timeout_ms = kSecond,
                             .tries = 10,
                             .gap_ms = 200,
                             // since before our start it may take commands for a payload's rest
                             .recover = Command::kLeaveDataMode,
                             .recover_after_ms = 2 * kSecond,
                             .recover_wait_ms = 200};
constexpr Step kEchoOff{.number = 2,
                        .command = Command::kEchoOff,
                        .judge = judge_ok,
                        .timeout_ms = kSecond,
                        .tries = 5,
                        .gap_ms = kSecond,
                        .settles = true};
constexpr Step kSim{.number = 3,
                    .command = Command::kSim,
                    .judge = judge_sim,
                    // a SIM may be busy for half a minute after a start
                    .timeout_ms = 5 * kSecond,
                    .tries = 0,
                    .gap_ms = 2 * kSecond,
                    .budget_ms = 40 * kSecond};
constexpr Step kRegister{.number = 7,
                         .command = Command::kRegistration,
                         .judge = judge_registered,
                         .timeout_ms = 5 * kSecond,
                         .tries = 0,
                         .gap_ms = 5 * kSecond,
                         .budget_ms = 5 * kMinute};
constexpr Step kSetApn{.number = 9,
                       .command = Command::kApn,
                       .judge = judge_ok,
                       .timeout_ms = 5 * kSecond,
                       .tries = 3,
                       .gap_ms = 2 * kSecond};
constexpr Step kAttach{.number = 10,
                       .command = Command::kAttach,
                       .judge = judge_ok,
                       .timeout_ms = 75 * kSecond,
                       .tries = 3,
                       .gap_ms = 5 * kSecond};
constexpr Step kCloseStack{.number = 8,
                           .command = Command::kNetClose,
                           .judge = judge_any_answer,
                           .timeout_ms = 10 * kSecond,
                           .tries = 2};
constexpr Step kOpenStack{.number = 11,
                          .command = Command::kNetOpen,
                          .judge = judge_net_open,
                          .timeout_ms = 60 * kSecond,
                          .tries = 2,
                          .gap_ms = kSecond,
                          .recover = Command::kNetClose,
                          .recover_wait_ms = 2 * kSecond};
constexpr Step kGetAddress{.number = 12,
                           .command = Command::kAddress,
                           .judge = judge_address,
                           .timeout_ms = 10 * kSecond,
                           .fallback = Command::kContexts};

// Registration of a fresh unit: a restart at 2 min helps a modem stuck in its first scan.
constexpr Step kRegisterFresh = [] {
  Step step = kRegister;
  step.recover = Command::kRestart;
  step.recover_after_ms = 2 * kMinute;
  step.recover_wait_ms = 5 * kSecond;
  return step;
}();

// A working unit: the context may be active already, and then refuses to be defined again.
constexpr Step kSetApnGently = [] {
  Step step = kSetApn;
  step.tries = 1;
  step.optional = true;
  return step;
}();

constexpr Step kRestartModem{.number = 5,
                             .command = Command::kRestart,
                             .judge = judge_ok,
                             .timeout_ms = 10 * kSecond,
                             .tries = 2,
                             .gap_ms = kSecond};
constexpr Step kModemAnswersAgain{.number = 6,
                                  .command = Command::kAt,
                                  .judge = judge_ok,
                                  .timeout_ms = kSecond,
                                  .tries = 0,
                                  .gap_ms = 500,
                                  .wait_ms = 5 * kSecond,
                                  .budget_ms = 30 * kSecond,
                                  .follow_up = Command::kEchoOff,
                                  .settles = true};

constexpr Step kRestartBlindly = [] {
  Step step = kRestartModem;
  step.tries = 1;
  step.optional = true;
  return step;
}();

constexpr Step kBringup[kBringupSteps] = {
    kModemAnswers,
    kEchoOff,
    kSim,
    {.number = 4,
     .command = Command::kBands,
     .judge = judge_ok,
     .timeout_ms = 5 * kSecond,
     .optional = true},
    kRestartModem,
    kModemAnswersAgain,
    kRegisterFresh,
    kCloseStack,
    kSetApn,
    kAttach,
    kOpenStack,
    kGetAddress,
};

constexpr Step kAttachSteps[] = {kModemAnswers, kEchoOff, kSim,       kRegister,
                                 kSetApnGently, kAttach,  kOpenStack, kGetAddress};

constexpr Step kReattachSteps[] = {kModemAnswers, kEchoOff, kSim,       kRegister,  kCloseStack,
                                   kSetApnGently, kAttach,  kOpenStack, kGetAddress};

constexpr Step kRestartSteps[] = {kRestartBlindly, kModemAnswersAgain, kSim,
                                  kRegister,       kSetApnGently,      kAttach,
                                  kOpenStack,      kGetAddress};

}  // namespace

std::span<const Step> bringup_table() { return kBringup; }
std::span<const Step> attach_table() { return kAttachSteps; }
std::span<const Step> reattach_table() { return kReattachSteps; }

std::span<const Step> restart_table() { return kRestartSteps; }

std::string_view address_in(std::string_view lines) {
  while (!lines.empty()) {
    const std::string_view address = parse_address(take_until(lines, '\n'));
    if (!address.empty()) return address;
  }
  return {};
}

}  // namespace jambox
