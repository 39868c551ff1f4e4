// Which pattern the light shows as long as nothing short covers it. Knows neither modem nor
// backend.
#pragma once

#include "core/led/led.h"

namespace jambox {

// What the unit is at; the first that holds decides.
struct LedReasons {
  bool installing = false;       // an image is being written or about to start
  bool modem_answered = true;    // at least once since boot
  bool attaching = false;        // the modem is being brought online
  bool offline = false;          // that was given up for now
  bool online = true;            // the network has taken the modem
  bool sending = false;          // a request is under way
  bool backend_failing = false;  // it takes no readings, or not this unit's token
};

LedPattern lasting_pattern(const LedReasons& reasons);

}  // namespace jambox
