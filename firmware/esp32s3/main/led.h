// LedPort on the WS2812 at GPIO35, driven by the RMT peripheral through espressif/led_strip.
#pragma once

#include "core/ports/led_port.h"
#include "led_strip.h"

namespace jambox::esp32s3 {

class EspLed final : public LedPort {
 public:
  // Without a working light the unit still counts: a failure is logged, then calls do nothing.
  EspLed();

  // Takes about 0.1 ms.
  void set_rgb(std::uint8_t r, std::uint8_t g, std::uint8_t b) override;

 private:
  led_strip_handle_t strip_ = nullptr;
};

}  // namespace jambox::esp32s3
