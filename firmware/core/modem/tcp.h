// One TCP connection through the modem: open, send, receive, close. Knows no HTTP.
// Dialogue: AT+CIPOPEN, AT+CIPSEND with prompt, +IPD data, +IPCLOSE by the peer, AT+CIPCLOSE.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/modem/at_engine.h"

namespace jambox {

class TcpObserver {
 public:
  virtual void on_tcp_open() = 0;
  // All bytes of the last send() are with the modem.
  virtual void on_tcp_sent() = 0;
  virtual void on_tcp_received(std::string_view piece) = 0;
  // The connection is over; `why` is empty when this side closed it.
  virtual void on_tcp_closed(std::string_view why) = 0;

 protected:
  ~TcpObserver() = default;
};

// `why` of on_tcp_closed when the other end closed, as it does after its answer.
inline constexpr std::string_view kClosedByPeer = "closed by peer";

class Tcp final : public AtCaller {
 public:
  explicit Tcp(AtEngine& at) : at_(at) {}

  // Calls may be made from the observer's callbacks. False when not in the state for it.
  bool open(std::string_view host, std::uint16_t port, TcpObserver& observer);
  // `bytes` must stay valid until on_tcp_sent.
  bool send(std::string_view bytes);
  void close();
  bool closed() const { return state_ == State::kClosed; }
  void tick(Millis now, Wake& wake);

  // To be called with what the AT listener receives.
  void on_unsolicited(std::string_view line);
  void on_received(std::string_view piece);
  void on_at_done(AtOutcome outcome) override;

  // SIM7028 takes up to 1,460 bytes per CIPSEND; less keeps its buffer free on slow air.
  static constexpr std::size_t kSendMax = 1024;
  static_assert(kSendMax <= AtEngine::kPayloadMax);

 private:
  enum class State : std::uint8_t { kClosed, kOpening, kOpen, kSending, kClosing, kLeaving };

  void leave_data_mode();
  void opened(AtOutcome outcome);
  void sent(AtOutcome outcome);
  bool whole_chunk_taken() const;
  void start_closing(std::string_view why);
  void finish_closing();

  AtEngine& at_;
  TcpObserver* observer_ = nullptr;
  State state_ = State::kClosed;
  bool in_flight_ = false;
  bool close_wanted_ = false;
  bool peer_closed_ = false;
  bool left_data_mode_ = false;
  std::uint16_t port_ = 0;
  FixedText<64> host_;
  std::string_view left_;
  std::size_t chunk_ = 0;
  FixedText<AtEngine::kSaidMax> why_;
};

}  // namespace jambox
