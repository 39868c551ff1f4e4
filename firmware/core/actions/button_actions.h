// Does what the top button means: shows that it was felt, says it in the log, asks it of the unit.
// Knows no debouncing and no length of a press.
#pragma once

#include "core/actions/unit_actions.h"
#include "core/console/unit_log.h"
#include "core/led/button_meaning.h"
#include "core/led/led.h"

namespace jambox {

class ButtonActions {
 public:
  struct Parts {
    Buttons& buttons;
    Led& led;
    UnitLog& log;
    UnitActions& unit;
  };
  // All must outlive it.
  explicit ButtonActions(const Parts& parts) : parts_(parts), meaning_(parts.buttons) {}

  // At boot. True: the modem is to be brought up as in a fresh unit.
  bool held_at_boot();
  void tick(Millis now, Wake& wake);

 private:
  Parts parts_;
  ButtonMeaning meaning_;
};

}  // namespace jambox
