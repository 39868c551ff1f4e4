// Scripted modem, see fake_modem.h.
#include "host/fake_modem.h"

#include <cstring>

namespace jambox::test {

FakeModem::FakeModem() {
  for (const char* command :
       {"AT", "AT+QCBAND=0,2,4,12,13,66", "AT+CFUN=1,1", "AT+CGDCONT=0,\"IP\",\"hologram\"",
        "AT+CGATT=1", "AT+CPSMS=0", "AT+CIPRXGET=0", "AT+CEDRXS=0,5"}) {
    on(command, {"OK\n"});
  }
  on("ATE0", {"OK\n"});
  on("AT+CPIN?", {"+CPIN: READY\nOK\n"});
  on("AT+CEREG?", {"+CEREG: 0,5\nOK\n"});
  on("AT+NETCLOSE", {"OK\n+NETCLOSE: 0\n"});
  on("AT+NETOPEN", {"OK\n+NETOPEN: 0\n"});
  on("AT+IPADDR", {"+IPADDR: 10.1.2.3\nOK\n"});
  on("AT+CGDCONT?", {"+CGDCONT: 0,\"IP\",\"hologram\",\"10.9.8.7\",0,0\nOK\n"});
  on("AT+CSQ", {"+CSQ: 18,99\nOK\n"});
}

void FakeModem::on(const std::string& command, std::vector<std::string> replies) {
  replies_[command] = std::deque<std::string>(replies.begin(), replies.end());
}

int FakeModem::count(const std::string& command) const {
  int n = 0;
  for (const std::string& seen : commands) n += seen == command ? 1 : 0;
  return n;
}

std::size_t FakeModem::write(const char* data, std::size_t size) {
  if (mute) return size;
  for (std::size_t i = 0; i < size; ++i) {
    if (payload_wanted_ > 0) {
      payload_ += data[i];
      if (--payload_wanted_ == 0) on_payload();
    } else if (data[i] == '\r') {
      const std::string command = line_;
      line_.clear();
      on_command(command);
    } else if (data[i] >= 0x20 && data[i] < 0x7f) {
      line_ += data[i];
    } else {
      violations.push_back("a byte that is no text outside a payload");
    }
  }
  return size;
}

std::size_t FakeModem::read(char* data, std::size_t capacity) {
  std::size_t n = out_.size() < capacity ? out_.size() : capacity;
  if (piece > 0 && n > allowance_) n = allowance_;
  std::memcpy(data, out_.data(), n);
  out_.erase(0, n);
  if (piece > 0) allowance_ -= n;
  return n;
}

void FakeModem::emit(const std::string& lines) {
  std::size_t at = 0;
  while (at < lines.size()) {
    const std::size_t end = lines.find('\n', at);
    out_ += "\r\n" + lines.substr(at, end - at) + "\r\n";
    at = end + 1;
  }
}

void FakeModem::on_command(const std::string& command) {
  if (command.find_first_not_of(' ') == std::string::npos) return;  // a blank line is no command
  if (!out_.empty() && piece == 0) violations.push_back(command + " before the answer was read");
  commands.push_back(command);
  if (echo) out_ += command + "\r";
  if (command == "ATE0") echo = false;
  if (only_errors) return emit("ERROR\n");
  if (on_socket_command(command)) return;
  const auto found = replies_.find(command);
  if (found == replies_.end()) {
    violations.push_back("unknown command " + command);
    return emit("ERROR\n");
  }
  std::string reply = found->second.front();
  if (found->second.size() > 1) found->second.pop_front();
  while (!reply.empty()) {
    const std::size_t end = reply.find('\n') + 1;
    if (!noise.empty()) emit(noise);
    emit(reply.substr(0, end));
    reply.erase(0, end);
  }
}

bool FakeModem::on_socket_command(const std::string& command) {
  if (command.rfind("AT+CIPOPEN=0,\"TCP\",\"", 0) == 0) {
    if (connected_) violations.push_back("CIPOPEN while connected");
    connected_ = !refuse_connections;
    emit("OK\n");
    if (!noise.empty()) emit(noise);
    emit(refuse_connections ? "+CIPOPEN: 0,4\n" : "+CIPOPEN: 0,0\n");
  } else if (command.rfind("AT+CIPSEND=0,", 0) == 0) {
    payload_wanted_ = static_cast<std::size_t>(std::atoi(command.c_str() + 13));
    payload_.clear();
    if (!noise.empty()) emit(noise);
    if (lost_prompts > 0) --lost_prompts;
    else out_ += "\r\n>";
  } else if (command == "AT+CIPCLOSE=0") {
    emit(connected_ ? "OK\n+CIPCLOSE: 0,0\n" : "+CIPCLOSE: 0,4\nERROR\n");
    connected_ = false;
  } else {
    return false;
  }
  return true;
}

void FakeModem::on_payload() {
  if (echo_payload) out_ += payload_ + "\r\n";
  if (only_errors || fail_payload) return emit("ERROR\n");
  if (!words_for_payload.empty()) return emit(words_for_payload);
  const std::string n = std::to_string(payload_.size());
  const std::string taken = payload_taken.empty() ? n : payload_taken;
  const std::string sent = "OK\n+CIPSEND: 0," + n + "," + taken + "\n";
  if (!noise.empty()) emit(noise);
  if (!answers_early) emit(sent);
  request_ += payload_;
  if (take_request() && backend) respond(backend(requests.back()));
  if (answers_early) emit(sent);
}

// True when the request is whole; it is the last of `requests` then.
bool FakeModem::take_request() {
  const std::size_t head = request_.find("\r\n\r\n");
  const std::size_t length_at = request_.find("Content-Length: ");
  if (head == std::string::npos) return false;
  const bool has_body = length_at != std::string::npos;
  const int body = has_body ? std::atoi(request_.c_str() + length_at + 16) : 0;
  if (request_.size() < head + 4 + static_cast<std::size_t>(body)) return false;
  requests.push_back(request_);
  request_.clear();
  return true;
}

void FakeModem::respond(const std::string& response) {
  if (response.empty()) return;
  for (std::size_t at = 0; at < response.size(); at += ipd_size) {
    const std::string part = response.substr(at, ipd_size);
    if (!noise.empty()) emit(noise);
    emit("RECV FROM:192.0.2.1:80\n");
    out_ += "\r\n+IPD" + std::to_string(part.size()) + "\r\n" + part;
  }
  if (!peer_closes) return;
  emit("+IPCLOSE: 0,1\n");
  connected_ = false;
}

}  // namespace jambox::test
