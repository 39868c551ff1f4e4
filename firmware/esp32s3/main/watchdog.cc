// Watchdogs, see watchdog.h. Their times stand in sdkconfig.defaults.
#include "watchdog.h"

#include "esp_err.h"
#include "esp_task_wdt.h"
#include "hal/wdt_hal.h"

namespace jambox::esp32s3 {

Watchdog::Watchdog() { ESP_ERROR_CHECK(esp_task_wdt_add(nullptr)); }

void Watchdog::feed() {
  ESP_ERROR_CHECK(esp_task_wdt_reset());
  // ESP-IDF has no other interface for the RTC watchdog (its guide "Watchdogs" names these calls).
  wdt_hal_context_t rtc = RWDT_HAL_CONTEXT_DEFAULT();
  wdt_hal_write_protect_disable(&rtc);
  wdt_hal_feed(&rtc);
  wdt_hal_write_protect_enable(&rtc);
}

}  // namespace jambox::esp32s3
