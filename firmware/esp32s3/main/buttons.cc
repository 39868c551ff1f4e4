// The top button, see buttons.h.
#include "buttons.h"

#include "driver/gpio.h"
#include "esp_attr.h"
#include "esp_err.h"
#include "waker.h"

namespace jambox::esp32s3 {

namespace {

constexpr gpio_num_t kPin = GPIO_NUM_41;

void IRAM_ATTR on_edge(void*) {
  BaseType_t task_woken = pdFALSE;
  waker::wake_from_isr(&task_woken);
  if (task_woken == pdTRUE) portYIELD_FROM_ISR();
}

}  // namespace

EspButtons::EspButtons() {
  gpio_config_t config = {};
  config.pin_bit_mask = 1ull << kPin;
  config.mode = GPIO_MODE_INPUT;
  config.pull_up_en = GPIO_PULLUP_ENABLE;
  config.intr_type = GPIO_INTR_ANYEDGE;
  ESP_ERROR_CHECK(gpio_config(&config));
  ESP_ERROR_CHECK(gpio_install_isr_service(0));
  ESP_ERROR_CHECK(gpio_isr_handler_add(kPin, on_edge, nullptr));
}

bool EspButtons::top_pressed() { return gpio_get_level(kPin) == 0; }

}  // namespace jambox::esp32s3
