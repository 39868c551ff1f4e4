// AT command engine, see at_engine.h.
#include "core/modem/at_engine.h"

namespace jambox {

namespace {

// Lines that SIM7028 sends unasked. One of them is still an answer when the running command says
// that its answers begin so.
constexpr std::string_view kUnsolicited[] = {
    "+CEREG:",  "+CPIN:",   "+IPCLOSE:",  "+CIPEVENT:", "+NETCLOSE:",   "RECV FROM:", "+IPD",
    "+CTZV:",   "*PSUTTZ:", "+CPSMSTATUS:", "RDY",      "*ATREADY:",    "SMS READY",  "SMS Ready",
    "PB DONE",  "+CSCON:",  "+CEDRXP:",   "+CGEV:",     "+CNEMIU:",     "+CLTS:",     "DST:",
};

bool is_error(std::string_view line) {
  return line == "ERROR" || starts_with(line, "+CME ERROR") || starts_with(line, "+CMS ERROR");
}

}  // namespace

bool AtEngine::start(const AtRequest& request, AtCaller& caller, Millis now) {
  if (busy() || request.text.size() > kCommandMax) return false;
  request_ = request;
  out_.assign(request.text);
  request_.text = out_.view();
  if (!request.text.empty()) out_.add('\r');
  out_sent_ = 0;
  payload_left_ = {};
  ok_seen_ = answer_seen_ = false;
  answers_.clear();
  said_.clear();
  final_.clear();
  deadline_ = now + request.timeout_ms;
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

void AtEngine::tick(Millis now, Wake& wake) {
  pump_out();
  pump_in();
  if (busy() && now >= deadline_) finish(AtOutcome::kTimeout);
  pump_out();  // a caller may have started the next command
  if (!busy()) return;
  wake.at(deadline_);
  if (out_sent_ < out_.size() || !payload_left_.empty()) wake.at(now + 1);
}

void AtEngine::pump_out() {
  if (!busy()) return;
  if (out_sent_ < out_.size()) {
    const std::string_view rest = out_.view().substr(out_sent_);
    out_sent_ += uart_.write(rest.data(), rest.size());
    return;
  }
  if (!payload_left_.empty()) {
    payload_left_.remove_prefix(uart_.write(payload_left_.data(), payload_left_.size()));
  }
}

void AtEngine::pump_in() {
  // Bound per tick: two full segments; what is left waits in the UART for the next tick.
  constexpr int kReadsMax = 16;
  char buffer[256];
  for (int i = 0; i < kReadsMax; ++i) {
    const std::size_t n = uart_.read(buffer, sizeof buffer);
    if (n == 0) break;
    for (std::size_t k = 0; k < n; ++k) {
      switch (splitter_.push(buffer[k])) {
        case AtSplitter::Event::kNone:
          break;
        case AtSplitter::Event::kData:
          data_.add(buffer[k]);
          if (data_.size() == 256) flush_data();
          break;
        case AtSplitter::Event::kLine:
          flush_data();  // keeps data ahead of a line that says the peer closed
          on_line(splitter_.line());
          break;
        case AtSplitter::Event::kPrompt:
          on_prompt();
          break;
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
  if (is_unsolicited(line) || !busy()) {
    if (listener_ != nullptr) listener_->on_unsolicited(line);
    return;
  }
  on_command_line(line);
}

// A line of the running command's payload, echoed. Compared as whole lines: a token may hold "OK".
bool AtEngine::is_payload(std::string_view line) const {
  std::string_view rest = request_.payload;
  while (!rest.empty()) {
    const std::string_view sent = trim(take_until(rest, '\n'));
    if (!sent.empty() && line == sent.substr(0, AtSplitter::kLineMax)) return true;
  }
  return false;
}

bool AtEngine::is_unsolicited(std::string_view line) const {
  if (busy() && !request_.answer.empty() && starts_with(line, request_.answer)) return false;
  for (const std::string_view prefix : kUnsolicited) {
    if (starts_with(line, prefix)) return true;
  }
  return false;
}

void AtEngine::on_command_line(std::string_view line) {
  const bool final_error = is_error(line);
  if (line == "OK" || final_error) final_.assign(line);
  // A bare OK or ERROR tells less than the line before it.
  const bool bare = line == "OK" || line == "ERROR";
  if (!bare || said_.empty()) said_.assign(line);
  if (final_error) return finish(AtOutcome::kError);
  if (line == "OK") ok_seen_ = true;
  if (!request_.answer.empty() && starts_with(line, request_.answer)) {
    answer_seen_ = true;
    if (!answers_.empty()) answers_.add('\n');
    answers_.add(line);
  }
  if (ok_seen_ && (answer_seen_ || !request_.answer_required)) finish(AtOutcome::kOk);
}

void AtEngine::on_prompt() {
  splitter_.expect_prompt(false);
  if (!busy()) return;
  if (request_.ends_at_prompt) {
    final_.assign(">");
    return finish(AtOutcome::kPrompt);
  }
  payload_left_ = request_.payload;
}

void AtEngine::finish(AtOutcome outcome) {
  AtCaller* caller = caller_;
  caller_ = nullptr;
  payload_left_ = {};
  splitter_.expect_prompt(false);
  caller->on_at_done(outcome);
}

}  // namespace jambox
