// Link upkeep, see link.h.
#include "core/modem/link.h"

namespace jambox {

namespace {
// The first failure is often a modem that still boots; the last a unit without coverage.
constexpr Backoff::Range kRetryRange{10'000, 600'000};
}  // namespace

void Link::start(const ModemSettings& settings, bool fresh, Millis now) {
  settings_ = &settings;
  state_ = LinkState::kAttaching;
  bringup_.start(fresh ? bringup_table() : attach_table(), settings, now);
}

void Link::restart_modem() {
  restart_first_ = true;
  lost("restarting the modem");
}

void Link::tick(Millis now, bool idle, std::uint32_t random, Wake& wake) {
  if (bringup_.running()) {
    bringup_.tick(now, wake);
    if (!bringup_.running()) wake.soon();
    return;
  }
  if (failed_) {
    failed_ = false;
    retry_waiting_ = true;
    retry_.fail(now, kRetryRange, random);
  }
  if (retry_waiting_ && retry_.due(now)) attach_again_ = true;
  if (retry_waiting_ && !attach_again_) wake.at(retry_.next_at());
  if (attach_again_ && idle && !at_.busy()) {
    attach_again_ = retry_waiting_ = false;
    asked_ = Asked::kNothing;
    if (state_ != LinkState::kSearching) set_state(LinkState::kAttaching, {});
    const auto table = restart_first_ ? restart_table()
                       : reopen_      ? reattach_table()
                                      : attach_table();
    bringup_.start(table, *settings_, now);
    reopen_ = restart_first_ = false;
    return wake.soon();
  }
  if (retry_waiting_ || !idle || at_.busy() || asked_ != Asked::kNothing) return;
  if (signal_next_) {
    signal_next_ = false;
    return ask(Command::kSignal, Asked::kSignal, now);
  }
  if (now < next_check_) return wake.at(next_check_);
  next_check_ = now + (online() ? kCheckMs : kSearchCheckMs);
  ask(Command::kRegistration, Asked::kRegistration, now);
}

void Link::ask(Command command, Asked asked, Millis now) {
  FixedText<AtEngine::kCommandMax> text;
  command_text(command, *settings_, text);
  AtRequest request;
  request.text = text.view();
  request.answer = answer_prefix(command);
  request.timeout_ms = 5'000;
  if (at_.start(request, *this, now)) asked_ = asked;
}

void Link::on_at_done(AtOutcome outcome) {
  const Asked asked = asked_;
  asked_ = Asked::kNothing;
  std::string_view lines = at_.answers();
  if (asked == Asked::kRegistration) {
    if (outcome == AtOutcome::kTimeout) return lost("the modem does not answer");
    if (const auto stat = registration_in(lines)) take_registration(*stat);
    signal_next_ = true;
  } else if (asked == Asked::kSignal) {
    while (!lines.empty()) {
      const std::string_view line = take_until(lines, '\n');
      if (starts_with(line, "+CSQ:")) signal_dbm_ = parse_signal(line).value_or(0);
    }
  }
}

void Link::take_registration(int stat) {
  registration_ = stat;
  if (online() && !is_registered(stat)) {
    next_check_ = 0;
    set_state(LinkState::kSearching, "registration lost");
  } else if (state_ == LinkState::kSearching && is_registered(stat)) {
    attach_again_ = true;
  }
}

void Link::lost(std::string_view said) {
  set_state(LinkState::kOffline, said);
  attach_again_ = true;
}

void Link::on_connect_failed() {
  if (++connect_failures_ < kConnectFailuresMax) return;
  connect_failures_ = 0;
  reopen_ = true;
  lost("no connection could be made several times");
}

void Link::on_unsolicited(std::string_view line) {
  const auto stat = parse_registration(line, true);
  if (bringup_.running()) {
    if (stat) registration_ = *stat;
    return;
  }
  if (stat) return take_registration(*stat);
  if (!online()) return;
  if (!closes_everything(line)) return;
  reopen_ = !says_restarted(line);
  lost(line);
}

void Link::on_step(const StepReport& report) {
  if (report.number == 7) {
    std::string_view said = report.said;
    if (const auto stat = parse_registration(said, false)) registration_ = *stat;
    const bool searching = report.state == StepState::kRunning && report.attempt == 2;
    if (searching) set_state(LinkState::kSearching, report.said);
  }
  if (report.state == StepState::kOk) modem_answered_ = true;
  observer_.on_link_step(report);
}

void Link::on_bringup_done(bool ok, std::uint8_t number, std::string_view address) {
  (void)number;
  if (ok) {
    retry_.succeed(0);
    connect_failures_ = 0;
    attach_again_ = restart_first_ = false;  // came while it ran; it has just helped itself
    next_check_ = 0;                         // at once: the first heartbeat should know the signal
    return set_state(LinkState::kOnline, address);
  }
  failed_ = true;
  set_state(LinkState::kOffline, at_.said());
}

void Link::set_state(LinkState state, std::string_view said) {
  if (state == state_) return;
  state_ = state;
  observer_.on_link(state, said);
}

}  // namespace jambox
