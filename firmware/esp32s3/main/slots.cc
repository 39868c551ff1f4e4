// App slots, see slots.h.
#include "slots.h"

namespace jambox::esp32s3 {

EspSlots::EspSlots()
    : running_(esp_ota_get_running_partition()),
      next_(esp_ota_get_next_update_partition(nullptr)),
      running_flash_(running_),
      next_flash_(next_) {}

bool EspSlots::set_boot_next() {
  return next_ != nullptr && esp_ota_set_boot_partition(next_) == ESP_OK;
}

bool EspSlots::pending_verify() {
  esp_ota_img_states_t state;
  return esp_ota_get_state_partition(running_, &state) == ESP_OK &&
         state == ESP_OTA_IMG_PENDING_VERIFY;
}

bool EspSlots::confirm() { return esp_ota_mark_app_valid_cancel_rollback() == ESP_OK; }

bool EspSlots::can_go_back() { return esp_ota_check_rollback_is_possible(); }

}  // namespace jambox::esp32s3
