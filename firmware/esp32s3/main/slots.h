// Slots port on ESP-IDF's app update: which partition runs, which starts next, on trial or not.
#pragma once

#include "core/ports/slots.h"
#include "esp_ota_ops.h"
#include "flash.h"

namespace jambox::esp32s3 {

class EspSlots final : public Slots {
 public:
  EspSlots();

  Flash& running() override { return running_flash_; }
  Flash& next() override { return next_flash_; }
  // Checks the whole image first; blocks about a second for 2 MB.
  bool set_boot_next() override;
  bool pending_verify() override;
  bool confirm() override;
  bool can_go_back() override;

 private:
  const esp_partition_t* running_;
  const esp_partition_t* next_;
  EspFlash running_flash_;
  EspFlash next_flash_;
};

}  // namespace jambox::esp32s3
