// AT command engine, see at_engine.h.
#include "core/modem/at_engine.h"

#include <algorithm>

#include "core/modem/commands.h"

namespace jambox {

namespace {

// Lines that SIM7028 sends unasked. One of them is still an answer when the running command says
// that its answers begin so.
constexpr std::string_view kUnsolicited[] = {
    "+CEREG:",       "+CPIN:",       "+IPCLOSE:",  "+CIPEVENT:", "+NETCLOSE:",
    "RECV FROM:",    "+IPD",         "+CTZV:",     "*PSUTTZ:",   "+CPSMSTATUS:",
    "RDY",           "*ATREADY:",    "SMS READY",  "SMS Ready",  "PB DONE",
    "+CSCON:",       "+CEDRXP:",     "+CGEV:",     "+CNEMIU:",   "+CLTS:",
    "DST:",          "CALL READY",   "Call Ready", "RING",       "NORMAL POWER DOWN",
    "UNDER-VOLTAGE", "OVER-VOLTAGE",
};

bool is_ok(std::string_view line) { return equal_ignoring_case(line, "OK"); }

bool is_error(std::string_view line) {
  return equal_ignoring_case(line, "ERROR") || starts_with(line, "+CME ERROR:") ||
         starts_with(line, "+CMS ERROR:") || starts_with(line, "+CIPERROR:");
}

bool restarts(std::string_view command) { return starts_with(command, "AT+CFUN=1,1"); }

}  // namespace

bool AtEngine::start(const AtRequest& request, AtCaller& caller, Millis now) {
  if (busy() || request.text.size() > kCommandMax) return false;
  request_ = request;
  out_.assign(request.text);
  request_.text = out_.view();
  if (!request.text.empty()) out_.add('\r');
  out_sent_ = 0;
  payload_left_ = {};
  prompt_seen_ = filling_ = false;
  filler_left_ = 0;
  ok_seen_ = answer_seen_ = false;
  answers_.clear();
  said_.clear();
  final_.clear();
  deadline_ = now + request.timeout_ms;
  prompt_deadline_ = deadline_;
  if (!request.payload.empty() && request.prompt_timeout_ms < request.timeout_ms) {
    prompt_deadline_ = now + request.prompt_timeout_ms;
  }
  splitter_.expect_prompt(!request.payload.empty() || request.ends_at_prompt);
  caller_ = &caller;
  return true;
}

bool AtEngine::start_raw(std::string_view bytes, std::uint32_t timeout_ms, AtCaller& caller,
                         Millis now) {
  AtRequest request;
  request.timeout_ms = timeout_ms;
  if (bytes.size() > kCommandMax || !start(request, caller, now)) return false;
  out_.assign(bytes);
  return true;
}

bool AtEngine::leave_data_mode(AtCaller& caller, Millis now) {
  if (!start({}, caller, now)) return false;
  after_filling_ = AtOutcome::kOk;
  fill(kPayloadMax, now);
  out_.assign("\r");
  return true;
}

void AtEngine::tick(Millis now, Wake& wake) {
  pump_out();
  pump_in(now);
  if (busy() && now >= (prompt_seen_ ? deadline_ : prompt_deadline_)) on_deadline(now);
  pump_out();  // a caller may have started the next command
  if (!busy()) return;
  wake.at(prompt_seen_ ? deadline_ : prompt_deadline_);
  if (out_sent_ < out_.size() || !payload_left_.empty() || filler_left_ > 0) wake.at(now + 1);
}

// A modem that expects a number of bytes takes every further byte for one of them, commands too:
// what is still owed is written before anything else, whether its prompt was lost or never came.
void AtEngine::on_deadline(Millis now) {
  if (filling_) return finish(after_filling_);
  if (answer_seen_ && request_.answer_required) return finish(AtOutcome::kOk);  // OK got lost
  const std::size_t owed = prompt_seen_ ? payload_left_.size() : request_.payload.size();
  if (owed == 0) return finish(AtOutcome::kTimeout);
  after_filling_ = AtOutcome::kTimeout;
  fill(owed, now);
}

// Blanks: in command mode they are no command.
void AtEngine::fill(std::size_t bytes, Millis now) {
  filling_ = true;
  filler_left_ = bytes;
  payload_left_ = {};
  deadline_ = prompt_deadline_ = now + kLeaveMs;
  splitter_.expect_prompt(false);
}

void AtEngine::pump_out() {
  if (!busy()) return;
  while (filler_left_ > 0) {
    constexpr std::string_view kBlanks = "                                ";
    const std::size_t some = std::min(filler_left_, kBlanks.size());
    const std::size_t n = uart_.write(kBlanks.data(), some);
    filler_left_ -= n;
    if (n < some) return;
  }
  if (out_sent_ < out_.size()) {
    const std::string_view rest = out_.view().substr(out_sent_);
    out_sent_ += uart_.write(rest.data(), rest.size());
    return;
  }
  if (!payload_left_.empty()) {
    payload_left_.remove_prefix(uart_.write(payload_left_.data(), payload_left_.size()));
  }
}

void AtEngine::pump_in(Millis now) {
  if (splitter_.in_data() && now - heard_at_ >= kDataPauseMs) splitter_.abandon_data();
  // Bound per tick: two full segments; what is left waits in the UART for the next tick.
  constexpr int kReadsMax = 16;
  char buffer[256];
  for (int i = 0; i < kReadsMax; ++i) {
    const std::size_t n = uart_.read(buffer, sizeof buffer);
    if (n == 0) break;
    heard_at_ = now;
    for (std::size_t k = 0; k < n; ++k) {
      switch (splitter_.push(buffer[k])) {
        case AtSplitter::Event::kNone: break;
        case AtSplitter::Event::kData:
          data_.add(buffer[k]);
          if (data_.size() == 256) flush_data();
          break;
        case AtSplitter::Event::kLine:
          flush_data();  // keeps data ahead of a line that says the peer closed
          on_line(splitter_.line());
          break;
        case AtSplitter::Event::kPrompt: on_prompt(); break;
      }
    }
  }
  flush_data();
}

void AtEngine::flush_data() {
  if (data_.empty()) return;
  if (listener_ != nullptr) listener_->on_received(data_.view());
  data_.clear();
}

void AtEngine::on_line(std::string_view line) {
  if (busy() && !request_.text.empty() && line == request_.text) {
    echo_seen_ = true;
    return;
  }
  if (busy() && is_payload(line)) return;  // holds the token: nobody may quote it
  if (busy()) caller_->on_at_line(line);
  const bool text = text_follows_;
  text_follows_ = !text && heralds_text(line);
  if (text) return;
  if (is_unsolicited(line) || !busy()) {
    if (listener_ != nullptr) listener_->on_unsolicited(line);
    if (busy() && (says_restarted(line) || says_switched_off(line))) on_gone(line);
    return;
  }
  on_command_line(line);
}

// Its answer will not come any more, unless the restart was what it asked for.
void AtEngine::on_gone(std::string_view line) {
  said_.assign(line);
  final_.assign(line);
  if (filling_) return finish(after_filling_);
  finish(restarts(request_.text) ? AtOutcome::kOk : AtOutcome::kError);
}

// A line of the running command's payload, echoed. Compared as whole lines: a token may hold "OK".
bool AtEngine::is_payload(std::string_view line) const {
  std::string_view rest = request_.payload;
  while (!rest.empty()) {
    const std::string_view sent = trim(take_until(rest, '\n'));
    if (!sent.empty() && line == trim(sent.substr(0, AtSplitter::kLineMax))) return true;
  }
  return false;
}

bool AtEngine::is_unsolicited(std::string_view line) const {
  if (busy() && !request_.answer.empty() && answers_with(line, request_.answer)) return false;
  for (const std::string_view prefix : kUnsolicited) {
    if (starts_with(line, prefix)) return true;
  }
  return busy() && speaks_of_another(line, request_.text);
}

void AtEngine::on_command_line(std::string_view line) {
  if (filling_) {  // what it says of the bytes that filled it up ends the matter
    if (filler_left_ == 0 && (is_ok(line) || is_error(line))) finish(after_filling_);
    return;
  }
  const bool ok = is_ok(line);
  const bool final_error = is_error(line) || (!request_.payload.empty() && says_not_sent(line));
  if (ok || final_error) final_.assign(line);
  // A bare OK or ERROR tells less than the line before it.
  const bool bare = ok || equal_ignoring_case(line, "ERROR");
  if (!bare || said_.empty()) said_.assign(line);
  if (final_error) return finish(AtOutcome::kError);
  if (ok) ok_seen_ = true;
  if (!request_.answer.empty() && answers_with(line, request_.answer)) {
    answer_seen_ = true;
    if (!answers_.empty()) answers_.add('\n');
    answers_.add(line);
  }
  if (ok_seen_ && (answer_seen_ || !request_.answer_required)) return finish(AtOutcome::kOk);
  if (answer_seen_ && request_.answer_required) {
    deadline_ = std::min(deadline_, heard_at_ + kOkMs);
    prompt_deadline_ = std::min(prompt_deadline_, deadline_);
  }
}

void AtEngine::on_prompt() {
  splitter_.expect_prompt(false);
  if (!busy()) return;
  if (request_.ends_at_prompt) {
    final_.assign(">");
    return finish(AtOutcome::kPrompt);
  }
  prompt_seen_ = true;
  payload_left_ = request_.payload;
}

void AtEngine::finish(AtOutcome outcome) {
  AtCaller* caller = caller_;
  caller_ = nullptr;
  payload_left_ = {};
  filling_ = false;
  filler_left_ = 0;
  splitter_.expect_prompt(false);
  caller->on_at_done(outcome);
}

}  // namespace jambox
