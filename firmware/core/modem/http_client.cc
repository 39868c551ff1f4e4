// HTTP client, see http_client.h.
#include "core/modem/http_client.h"

namespace jambox {

bool HttpClient::post(std::string_view path, std::string_view json, HttpObserver& observer,
                      Millis now) {
  if (busy()) return false;
  build("POST ", path);
  request_.add("Content-Type: application/json\r\nContent-Length: ");
  request_.add_int(static_cast<std::int64_t>(json.size()));
  request_.add("\r\nConnection: close\r\n\r\n").add(json);
  return start(observer, now);
}

bool HttpClient::get(std::string_view path, HttpObserver& observer, Millis now) {
  if (busy()) return false;
  build("GET ", path);
  request_.add("Connection: close\r\n\r\n");
  return start(observer, now);
}

void HttpClient::build(std::string_view method, std::string_view path) {
  request_.clear();
  request_.add(method).add(path).add(" HTTP/1.1\r\nHost: ").add(endpoint_.host).add(':');
  request_.add_int(endpoint_.port).add("\r\nAuthorization: Bearer ").add(endpoint_.token);
  request_.add("\r\n");
}

bool HttpClient::start(HttpObserver& observer, Millis now) {
  if (request_.truncated() || !tcp_.closed()) return false;
  if (!tcp_.open(endpoint_.host, endpoint_.port, *this)) return false;
  response_.reset();
  observer_ = &observer;
  deadline_ = now + kLimitMs;
  connected_ = just_sent_ = timed_out_ = false;
  return true;
}

void HttpClient::tick(Millis now, Wake& wake) {
  if (!busy()) return;
  if (just_sent_) {
    just_sent_ = false;
    if (now + kAnswerMs < deadline_) deadline_ = now + kAnswerMs;
  }
  if (now >= deadline_ && !timed_out_) {
    timed_out_ = true;
    tcp_.close();  // on_tcp_closed ends the request; every AT command has its own limit
  }
  if (!timed_out_) wake.at(deadline_);
}

void HttpClient::on_tcp_open() {
  connected_ = true;
  tcp_.send(request_.view());
}

void HttpClient::on_tcp_sent() { just_sent_ = true; }

void HttpClient::on_tcp_received(std::string_view piece) {
  if (!busy()) return;
  response_.push(piece);
  if (response_.done() || response_.broken()) tcp_.close();
}

void HttpClient::on_tcp_closed(std::string_view why) {
  if (!busy()) return;
  HttpObserver* observer = observer_;
  observer_ = nullptr;
  request_.clear();
  HttpResult result{0, {}, connected_, why};
  if (!timed_out_ && response_.close()) {
    result.status = response_.status();
    result.body = response_.body();
  } else if (timed_out_) {
    result.why = "no complete answer in time";
  } else if (response_.broken()) {
    result.why = "the answer is not HTTP";
  } else if (connected_ && (why.empty() || why == kClosedByPeer)) {
    result.why = "the connection closed before the answer was complete";
  }
  observer->on_http_done(result);
}

}  // namespace jambox
