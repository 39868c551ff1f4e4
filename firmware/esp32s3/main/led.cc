// The light, see led.h.
#include "led.h"

#include "esp_err.h"
#include "esp_log.h"

namespace jambox::esp32s3 {

namespace {
constexpr const char* kTag = "led";
constexpr int kPin = 35;
constexpr std::uint32_t kResolutionHz = 10'000'000;  // WS2812 pulses are multiples of 0.1 µs
}  // namespace

EspLed::EspLed() {
  led_strip_config_t strip = {};
  strip.strip_gpio_num = kPin;
  strip.max_leds = 1;
  strip.led_model = LED_MODEL_WS2812;
  strip.color_component_format = LED_STRIP_COLOR_COMPONENT_FMT_GRB;
  led_strip_rmt_config_t rmt = {};
  rmt.clk_src = RMT_CLK_SRC_DEFAULT;
  rmt.resolution_hz = kResolutionHz;
  const esp_err_t result = led_strip_new_rmt_device(&strip, &rmt, &strip_);
  if (result == ESP_OK) return;
  strip_ = nullptr;
  ESP_LOGE(kTag, "%s", esp_err_to_name(result));
}

void EspLed::set_rgb(std::uint8_t r, std::uint8_t g, std::uint8_t b) {
  if (strip_ == nullptr) return;
  esp_err_t result = led_strip_set_pixel(strip_, 0, r, g, b);
  if (result == ESP_OK) result = led_strip_refresh(strip_);
  if (result != ESP_OK) ESP_LOGW(kTag, "%s", esp_err_to_name(result));
}

}  // namespace jambox::esp32s3
