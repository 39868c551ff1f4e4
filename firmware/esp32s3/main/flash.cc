// Raw flash, see flash.h.
#include "flash.h"

#include "esp_err.h"
#include "esp_log.h"

namespace jambox::esp32s3 {

EspFlash::EspFlash(std::uint8_t subtype, const char* label)
    : partition_(esp_partition_find_first(ESP_PARTITION_TYPE_DATA,
                                          static_cast<esp_partition_subtype_t>(subtype), label)) {
  if (partition_ == nullptr) ESP_LOGE("flash", "the partition table has no %s", label);
}

bool EspFlash::read(std::uint32_t offset, void* data, std::uint32_t size) {
  return partition_ != nullptr && esp_partition_read(partition_, offset, data, size) == ESP_OK;
}

bool EspFlash::write(std::uint32_t offset, const void* data, std::uint32_t size) {
  return partition_ != nullptr && esp_partition_write(partition_, offset, data, size) == ESP_OK;
}

bool EspFlash::erase(std::uint32_t offset, std::uint32_t size) {
  return partition_ != nullptr && esp_partition_erase_range(partition_, offset, size) == ESP_OK;
}

}  // namespace jambox::esp32s3
