// Provisioning program: proves that a fresh unit's modem comes online, step by step, and tells the
// bench. Wiring only; counts nothing and sends nothing.
#pragma once

#include "core/console/console_server.h"
#include "core/identity/identity.h"
#include "core/led/led.h"
#include "core/modem/bringup.h"
#include "core/ports/ports.h"

namespace jambox {

class ProvisioningApp final : public BringupObserver,
                              public ConsoleHost,
                              public RestartHost,
                              public LedObserver,
                              public AtListener {
 public:
  explicit ProvisioningApp(const Ports& ports);

  void start();
  // Milliseconds until it next wants to run even if nothing happens.
  std::uint32_t tick();

  void on_step(const StepReport& report) override;
  void on_bringup_done(bool ok, std::uint8_t number, std::string_view address) override;
  void on_led(LedPattern pattern) override;
  void on_unsolicited(std::string_view line) override;
  void on_received(std::string_view) override {}

  UnitStatus status() override;
  std::string_view provision(bool restart) override;
  std::string_view send_now() override;
  std::string_view set_live(bool on) override;
  std::string_view modem_in_use() override { return {}; }

  // Lets the bench attach to the port first, so that it sees the run from its beginning.
  static constexpr Millis kAutostartMs = 3000;

 private:
  // What a step said last, for a bench that asks again.
  struct Seen {
    bool any = false;
    StepState state = StepState::kRunning;
    std::uint16_t attempt = 0;
    FixedText<AtEngine::kSaidMax> said;
  };

  void begin(Millis now);
  void repeat_events();

  Ports ports_;
  ConsoleStream stream_;
  Events events_;
  Led led_;
  AtEngine at_;
  Identity identity_;
  ModemSettings settings_;
  Bringup bringup_;
  Restart restart_;
  ConsoleServer server_;
  Seen seen_[kBringupSteps];
  FixedText<46> address_;
  Millis now_ = 0;
  bool begun_ = false;
  bool ended_ = false;
  bool succeeded_ = false;
  std::uint8_t last_step_ = 0;
  int registration_ = -1;
};

}  // namespace jambox
