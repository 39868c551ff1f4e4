// KeyValue port on NVS, namespace `jambox` of two partitions: `nvs` for the state, `fctry` for the
// identity the bench wrote. The second is mounted so that nothing here can write to it.
#pragma once

#include "core/ports/key_value.h"
#include "esp_partition.h"
#include "nvs.h"

namespace jambox::esp32s3 {

class EspKeyValue final : public KeyValue {
 public:
  // Mounts both. A state partition that NVS cannot use is erased; a missing or unreadable identity
  // leaves every key of it absent, which the core reports.
  EspKeyValue();

  bool get_u32(Store store, std::string_view key, std::uint32_t& value) override;
  int get_text(Store store, std::string_view key, char* out, std::size_t capacity) override;
  bool set_u32(std::string_view key, std::uint32_t value) override;
  bool set_text(std::string_view key, std::string_view value) override;
  bool erase(std::string_view key) override;
  bool erase_all() override;

  // Longest text, its NUL included. The identity's longest field has 64 characters.
  static constexpr std::size_t kTextMax = 1024;

 private:
  void mount_state();
  void mount_factory();
  nvs_handle_t handle(Store store) const { return store == Store::kState ? state_ : factory_; }

  nvs_handle_t state_ = 0;  // 0 is no valid handle: every call on it fails
  nvs_handle_t factory_ = 0;
  esp_partition_t factory_partition_ = {};
  char text_[kTextMax];
};

}  // namespace jambox::esp32s3
