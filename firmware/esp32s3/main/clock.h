// Clock port on esp_timer: microseconds since boot, 64 bits, started before app_main.
#pragma once

#include "core/ports/clock.h"
#include "esp_timer.h"

namespace jambox::esp32s3 {

class EspClock final : public Clock {
 public:
  Millis uptime_ms() override { return static_cast<Millis>(esp_timer_get_time()) / 1000; }
};

}  // namespace jambox::esp32s3
