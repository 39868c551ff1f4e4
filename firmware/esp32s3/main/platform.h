// The real board as ports: constructs one adapter for each, in the order their drivers need. Knows
// no app.
#pragma once

#include "buttons.h"
#include "clock.h"
#include "console.h"
#include "core/ports/ports.h"
#include "flash.h"
#include "key_value.h"
#include "led.h"
#include "modem_uart.h"
#include "radio.h"
#include "slots.h"
#include "system.h"

namespace jambox::esp32s3 {

// One board.
class Platform {
 public:
  Ports ports() {
    return {clock_, modem_, console_, kv_,     patch_, readings_,
            radio_, led_,   buttons_, system_, slots_};
  }
  EspConsole& console() { return console_; }
  const EspSystem& system() const { return system_; }

 private:
  EspConsole console_;  // first: from here on log lines have somewhere to go
  EspSystem system_;    // before the radio
  EspClock clock_;
  EspKeyValue kv_;  // the radio's calibration lies in NVS
  // Subtypes from the range that ESP-IDF leaves to applications; as in partitions.csv.
  EspFlash patch_{0x40, "patch"};
  EspFlash readings_{0x41, "readings"};
  EspSlots slots_;
  EspModemUart modem_;
  EspRadio radio_;
  EspLed led_;
  EspButtons buttons_;
};

}  // namespace jambox::esp32s3
