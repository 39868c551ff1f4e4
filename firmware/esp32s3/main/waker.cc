// Sleep of the program's task, see waker.h.
#include "waker.h"

#include "esp_attr.h"
#include "freertos/task.h"

namespace jambox::esp32s3::waker {

namespace {
// Interrupt handlers get no argument of ours: this is the one thing they must find.
DRAM_ATTR TaskHandle_t sleeper = nullptr;
}  // namespace

void bind_to_this_task() { sleeper = xTaskGetCurrentTaskHandle(); }

void wake() {
  if (sleeper != nullptr) xTaskNotifyGive(sleeper);
}

void IRAM_ATTR wake_from_isr(BaseType_t* task_woken) {
  if (sleeper != nullptr) vTaskNotifyGiveFromISR(sleeper, task_woken);
}

void sleep(std::uint32_t ms) {
  const TickType_t ticks = pdMS_TO_TICKS(ms);
  ulTaskNotifyTake(pdTRUE, ticks > 0 ? ticks : 1);
}

}  // namespace jambox::esp32s3::waker
