// Flash port on one partition. Offsets are checked by ESP-IDF against the partition's size.
#pragma once

#include "core/ports/flash.h"
#include "esp_partition.h"

namespace jambox::esp32s3 {

class EspFlash final : public Flash {
 public:
  // `subtype` and `label` as in partitions.csv. Without the partition every call fails.
  EspFlash(std::uint8_t subtype, const char* label);
  // An app slot. Of the one that runs ESP-IDF itself refuses writing and erasing, as
  // sdkconfig.defaults asks it to (CONFIG_SPI_FLASH_DANGEROUS_WRITE_FAILS).
  explicit EspFlash(const esp_partition_t* partition) : partition_(partition) {}

  bool read(std::uint32_t offset, void* data, std::uint32_t size) override;
  bool write(std::uint32_t offset, const void* data, std::uint32_t size) override;
  bool erase(std::uint32_t offset, std::uint32_t size) override;

 private:
  const esp_partition_t* partition_;
};

}  // namespace jambox::esp32s3
