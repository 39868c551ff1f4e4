// Keeps the modem online: attaches at boot, watches registration and signal, attaches again after a
// loss. Knows nothing of what goes over the connection.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/backoff.h"
#include "core/modem/bringup.h"

namespace jambox {

enum class LinkState : std::uint8_t { kAttaching, kOnline, kSearching, kOffline };

class LinkObserver {
 public:
  virtual void on_link(LinkState state, std::string_view said) = 0;
  virtual void on_link_step(const StepReport& report) = 0;

 protected:
  ~LinkObserver() = default;
};

class Link final : public AtCaller, public BringupObserver {
 public:
  Link(AtEngine& at, LinkObserver& observer) : at_(at), observer_(observer), bringup_(at, *this) {}

  // `settings` must outlive the link. `fresh`: with the twelve steps of a fresh unit.
  void start(const ModemSettings& settings, bool fresh, Millis now);
  // Restarts the modem and attaches again, as soon as nobody talks to it.
  void restart_modem();
  // `idle`: nobody has a dialogue with the modem, so it may be asked. `random`: for the jitter.
  void tick(Millis now, bool idle, std::uint32_t random, Wake& wake);
  bool online() const { return state_ == LinkState::kOnline; }
  LinkState state() const { return state_; }
  bool attaching() const { return bringup_.running(); }
  // Attaching, with commands to come one upon another; a search only asks now and then.
  bool coming_online() const { return attaching() && state_ != LinkState::kSearching; }
  // It has passed a step at least once since boot.
  bool modem_answered() const { return modem_answered_; }
  // Online, and not about to ask the modem something itself.
  bool ready(Millis now) const {
    const bool quiet = asked_ == Asked::kNothing && !signal_next_ && now < next_check_;
    return online() && !attaching() && quiet;
  }
  // Last registration state heard (+CEREG), -1 before the first.
  int registration() const { return registration_; }
  // dBm, 0 = unknown.
  int signal_dbm() const { return signal_dbm_; }

  // A connection could not be made, or could. Several in a row mean the IP stack is dead.
  void on_connect_failed();
  void on_connected() { connect_failures_ = 0; }
  void on_unsolicited(std::string_view line);

  void on_at_done(AtOutcome outcome) override;
  void on_step(const StepReport& report) override;
  void on_bringup_done(bool ok, std::uint8_t number, std::string_view address) override;

  static constexpr Millis kCheckMs = 60'000;       // registration and signal while online
  static constexpr Millis kSearchCheckMs = 5'000;  // registration while lost
  static constexpr int kConnectFailuresMax = 3;

 private:
  enum class Asked : std::uint8_t { kNothing, kRegistration, kSignal };

  void set_state(LinkState state, std::string_view said);
  void ask(Command command, Asked asked, Millis now);
  void lost(std::string_view said);
  void take_registration(int stat);

  AtEngine& at_;
  LinkObserver& observer_;
  Bringup bringup_;
  const ModemSettings* settings_ = nullptr;
  LinkState state_ = LinkState::kAttaching;
  Backoff retry_;
  bool failed_ = false;         // the last attach failed; retry_ does not know yet
  bool attach_again_ = false;   // as soon as nobody talks to the modem
  bool reopen_ = false;         // with NETCLOSE first
  bool restart_first_ = false;  // with CFUN=1,1 first
  bool retry_waiting_ = false;
  Asked asked_ = Asked::kNothing;
  bool signal_next_ = false;
  Millis next_check_ = 0;
  int registration_ = -1;
  int signal_dbm_ = 0;
  int connect_failures_ = 0;
  bool modem_answered_ = false;
};

}  // namespace jambox
