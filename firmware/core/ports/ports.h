// All ports at once, for composition roots. Parts of the core include only the port they use.
#pragma once

#include "core/ports/buttons.h"
#include "core/ports/byte_stream.h"
#include "core/ports/clock.h"
#include "core/ports/flash.h"
#include "core/ports/key_value.h"
#include "core/ports/led_port.h"
#include "core/ports/radio.h"
#include "core/ports/slots.h"
#include "core/ports/system.h"

namespace jambox {

// Everything a platform supplies. Outlives the app.
struct Ports {
  Clock& clock;
  ByteStream& modem;
  ByteStream& console;  // the bench over USB
  KeyValue& kv;
  Flash& patch;     // OTA download
  Flash& readings;  // journal of readings
  Radio& radio;
  LedPort& led;
  Buttons& buttons;
  System& system;
  Slots& slots;  // app images
};

}  // namespace jambox
