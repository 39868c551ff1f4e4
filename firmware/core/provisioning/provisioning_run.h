// The bring-up that the provisioning program is there for: starts by itself, tells bench and light
// each step, keeps the proof, and says all of it again to a bench that asks later. Knows no console
// command.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/text.h"
#include "core/console/events.h"
#include "core/led/led.h"
#include "core/modem/bringup.h"
#include "core/ports/key_value.h"

namespace jambox {

class ProvisioningRun final : public BringupObserver {
 public:
  struct Parts {
    AtEngine& at;
    Events& events;
    Led& led;
    KeyValue& kv;
  };
  // All must outlive it.
  explicit ProvisioningRun(const Parts& parts) : parts_(parts), bringup_(parts.at, *this) {}

  // At boot. `settings` must outlive the run.
  void start(const ModemSettings& settings);
  void tick(Millis now, Wake& wake);
  // The bench wants to see it: begins when it has not begun or is to `restart`; else says again
  // what happened so far.
  void ask(bool restart, Millis now);

  bool running() const { return bringup_.running(); }
  bool succeeded() const { return succeeded_; }
  // Last registration state heard (+CEREG), -1 before the first.
  int registration() const { return registration_; }

  void on_unsolicited(std::string_view line);
  void on_step(const StepReport& report) override;
  void on_bringup_done(bool ok, std::uint8_t number, std::string_view address) override;

  // Lets the bench attach to the port first, so that it sees the run from its beginning.
  static constexpr Millis kAutostartMs = 3000;

 private:
  // What a step said last.
  struct Seen {
    bool any = false;
    StepState state = StepState::kRunning;
    std::uint16_t attempt = 0;
    FixedText<AtEngine::kSaidMax> said;
  };

  void begin(Millis now);
  void repeat_events();

  Parts parts_;
  Bringup bringup_;
  const ModemSettings* settings_ = nullptr;
  Seen seen_[kBringupSteps];
  FixedText<46> address_;
  bool begun_ = false;
  bool ended_ = false;
  bool succeeded_ = false;
  std::uint8_t last_step_ = 0;
  int registration_ = -1;
};

}  // namespace jambox
