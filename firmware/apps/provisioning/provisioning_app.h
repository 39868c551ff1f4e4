// Provisioning program: proves that a fresh unit's modem comes online, step by step, and tells the
// bench. Wiring only; counts nothing and sends nothing.
#pragma once

#include "core/console/console_server.h"
#include "core/identity/identity.h"
#include "core/led/led.h"
#include "core/ports/ports.h"
#include "core/provisioning/provisioning_run.h"

namespace jambox {

class ProvisioningApp final : public ConsoleHost,
                              public RestartHost,
                              public LedObserver,
                              public AtListener {
 public:
  explicit ProvisioningApp(const Ports& ports);

  void start();
  // Milliseconds until it next wants to run even if nothing happens.
  std::uint32_t tick();

  void on_led(LedPattern pattern) override;
  void on_unsolicited(std::string_view line) override;
  void on_received(std::string_view) override {}

  UnitStatus status() override;
  std::string_view provision(bool restart) override;
  void blink() override;

 private:
  Ports ports_;
  ConsoleStream stream_;
  Events events_;
  Led led_;
  AtEngine at_;
  Identity identity_;
  ModemSettings settings_;
  ProvisioningRun run_;
  Restart restart_;
  ConsoleServer server_;
  Millis now_ = 0;
};

}  // namespace jambox
