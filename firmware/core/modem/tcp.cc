// TCP over AT, see tcp.h.
#include "core/modem/tcp.h"

#include "core/modem/commands.h"

namespace jambox {

bool Tcp::open(std::string_view host, std::uint16_t port, TcpObserver& observer) {
  if (state_ != State::kClosed || host.size() > 63) return false;
  host_.assign(host);
  port_ = port;
  observer_ = &observer;
  state_ = State::kOpening;
  in_flight_ = close_wanted_ = peer_closed_ = left_data_mode_ = false;
  left_ = {};
  why_.clear();
  return true;
}

bool Tcp::send(std::string_view bytes) {
  if (state_ != State::kOpen || bytes.empty()) return false;
  left_ = bytes;
  state_ = State::kSending;
  return true;
}

void Tcp::close() {
  if (state_ == State::kClosed || state_ == State::kClosing || state_ == State::kLeaving) return;
  if (in_flight_) close_wanted_ = true;
  else start_closing({});
}

void Tcp::tick(Millis now, Wake& wake) {
  if (in_flight_ || at_.busy() || state_ == State::kClosed || state_ == State::kOpen) return;
  if (state_ == State::kLeaving) {
    in_flight_ = at_.leave_data_mode(*this, now);
    if (in_flight_) wake.soon();
    return;
  }
  FixedText<128> text;
  AtRequest request;
  if (state_ == State::kOpening) {
    text.add("AT+CIPOPEN=0,\"TCP\",\"").add(host_.view()).add("\",").add_int(port_);
    request.answer = "+CIPOPEN: 0,";
    request.timeout_ms = 60'000;  // three SYN retransmissions over NB-IoT
    request.answer_required = true;
  } else if (state_ == State::kSending) {
    chunk_ = left_.size() < kSendMax ? left_.size() : kSendMax;
    text.add("AT+CIPSEND=0,").add_int(static_cast<std::int64_t>(chunk_));
    request.answer = "+CIPSEND: 0,";
    request.payload = left_.substr(0, chunk_);
    request.timeout_ms = 30'000;
    request.answer_required = true;
  } else {
    text.add("AT+CIPCLOSE=0");
    request.answer = "+CIPCLOSE: 0";
    request.timeout_ms = 10'000;
    request.answer_required = true;
  }
  request.text = text.view();
  in_flight_ = at_.start(request, *this, now);
  if (in_flight_) wake.soon();
}

void Tcp::on_at_done(AtOutcome outcome) {
  in_flight_ = false;
  if (state_ == State::kOpening) opened(outcome);
  else if (state_ == State::kSending) sent(outcome);
  else if (state_ == State::kLeaving) state_ = State::kClosing;
  else if (outcome == AtOutcome::kTimeout && !left_data_mode_) leave_data_mode();
  else finish_closing();
}

// A modem that does not even answer this may be taking commands for payload.
void Tcp::leave_data_mode() {
  left_data_mode_ = true;
  state_ = State::kLeaving;
}

void Tcp::opened(AtOutcome outcome) {
  if (peer_closed_) return start_closing(why_.view());
  if (outcome != AtOutcome::kOk || !says_connected(at_.answers())) {
    return start_closing(outcome == AtOutcome::kTimeout ? "no answer to CIPOPEN" : at_.said());
  }
  if (close_wanted_) return start_closing({});
  state_ = State::kOpen;
  observer_->on_tcp_open();
}

void Tcp::sent(AtOutcome outcome) {
  // The modem is gone: whoever reads this knows then what it was in the middle of.
  if (outcome == AtOutcome::kError && closes_everything(at_.said())) {
    why_.assign(at_.said());
    why_.add(" in place of +CIPSEND or +CIPERROR");
  }
  if (peer_closed_) return start_closing(why_.view());
  if (outcome != AtOutcome::kOk) {
    return start_closing(outcome == AtOutcome::kTimeout ? "no answer to CIPSEND" : at_.said());
  }
  if (close_wanted_) return start_closing({});
  // Fewer than were written: what is missing cannot be put back behind what the modem took since.
  if (!whole_chunk_taken()) return start_closing(at_.answers());
  left_.remove_prefix(chunk_);
  if (!left_.empty()) return;  // tick sends the next chunk
  state_ = State::kOpen;
  observer_->on_tcp_sent();
}

// "+CIPSEND: 0,<written>,<taken>"; −1 taken: the peer is gone.
bool Tcp::whole_chunk_taken() const {
  std::string_view rest = at_.answers();
  take_until(rest, ',');
  const auto written = parse_int(trim(take_until(rest, ',')));
  const auto taken = parse_int(trim(rest));
  const auto chunk = static_cast<std::int64_t>(chunk_);
  return written && taken && *written == chunk && *taken == chunk;
}

// Also after a failed open: the modem may hold a half-open socket that would refuse the next one.
void Tcp::start_closing(std::string_view why) {
  if (why.data() != why_.view().data()) why_.assign(why);
  if (peer_closed_) return finish_closing();
  state_ = State::kClosing;
}

void Tcp::finish_closing() {
  state_ = State::kClosed;
  observer_->on_tcp_closed(why_.view());
}

void Tcp::on_unsolicited(std::string_view line) {
  const bool by_peer = closes_connection(line);
  const bool all = closes_everything(line);
  const bool over = state_ == State::kClosed || state_ == State::kClosing;
  if (over || state_ == State::kLeaving || !(by_peer || all)) return;
  if (state_ == State::kOpening && by_peer) return;  // speaks of an earlier connection
  peer_closed_ = true;
  why_.assign(by_peer ? kClosedByPeer : line);
  if (in_flight_) return;  // its outcome ends it
  start_closing(why_.view());
}

void Tcp::on_received(std::string_view piece) {
  if (state_ == State::kOpen || state_ == State::kSending) observer_->on_tcp_received(piece);
}

}  // namespace jambox
