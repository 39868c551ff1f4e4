// One HTTP request at a time to the backend over TCP: builds the request as units do, waits for the
// answer, ends in every case within its time limit. Knows no resource.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/modem/http_response.h"
#include "core/modem/tcp.h"

namespace jambox {

// Where requests go and as whom. Views must outlive the client.
struct Endpoint {
  std::string_view host;
  std::uint16_t port = 80;
  std::string_view token;  // goes into the Authorization header and nowhere else
};

struct HttpResult {
  int status;             // 0: no answer
  std::string_view body;  // valid during the call
  bool connected;         // the TCP connection was made
  std::string_view why;   // when status is 0: what went wrong
};

class HttpObserver {
 public:
  virtual void on_http_done(const HttpResult& result) = 0;

 protected:
  ~HttpObserver() = default;
};

class HttpClient final : public TcpObserver {
 public:
  HttpClient(Tcp& tcp, const Endpoint& endpoint) : tcp_(tcp), endpoint_(endpoint) {}

  // POSTs `json` to `path`. False when a request is running or it is too long.
  bool post(std::string_view path, std::string_view json, HttpObserver& observer, Millis now);
  // GETs `path`, query included; otherwise the same.
  bool get(std::string_view path, HttpObserver& observer, Millis now);
  bool busy() const { return observer_ != nullptr; }
  void tick(Millis now, Wake& wake);

  void on_tcp_open() override;
  void on_tcp_sent() override;
  void on_tcp_received(std::string_view piece) override;
  void on_tcp_closed(std::string_view why) override;

  // A batch of readings (core/reading/reading_batch.h) and some 300 bytes of head.
  static constexpr std::size_t kRequestMax = 2'300;
  // From the first command to the last byte: CIPOPEN alone may take 60 s, an NB-IoT answer 30 s.
  static constexpr Millis kLimitMs = 150'000;
  static constexpr Millis kAnswerMs = 45'000;

 private:
  void build(std::string_view method, std::string_view path);
  bool start(HttpObserver& observer, Millis now);

  Tcp& tcp_;
  const Endpoint& endpoint_;
  HttpObserver* observer_ = nullptr;
  HttpResponse response_;
  FixedText<kRequestMax> request_;
  Millis deadline_ = 0;
  bool connected_ = false;
  bool just_sent_ = false;
  bool timed_out_ = false;
};

}  // namespace jambox
