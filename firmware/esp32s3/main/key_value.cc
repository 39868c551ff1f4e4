// Named values in NVS, see key_value.h. Layout of both partitions: docs/formats/nvs.md.
#include "key_value.h"

#include <cstring>

#include "esp_err.h"
#include "esp_log.h"
#include "nvs_flash.h"

namespace jambox::esp32s3 {

namespace {

constexpr const char* kTag = "nvs";
constexpr const char* kNamespace = "jambox";
constexpr const char* kFactoryLabel = "fctry";

// A key with the NUL that NVS wants; not valid when it is empty or longer than NVS allows.
class Key {
 public:
  explicit Key(std::string_view key) : valid_(!key.empty() && key.size() < sizeof text_) {
    if (valid_) std::memcpy(text_, key.data(), key.size());
  }
  bool valid() const { return valid_; }
  const char* c_str() const { return text_; }

 private:
  char text_[NVS_KEY_NAME_MAX_SIZE] = {};
  bool valid_;
};

template <typename T>
bool read_as(esp_err_t (*get)(nvs_handle_t, const char*, T*), nvs_handle_t handle, const Key& key,
             std::uint32_t& value) {
  T found = 0;
  if (get(handle, key.c_str(), &found) != ESP_OK) return false;
  value = found;
  return true;
}

bool stored(nvs_handle_t handle, esp_err_t result) {
  return result == ESP_OK && nvs_commit(handle) == ESP_OK;
}

}  // namespace

EspKeyValue::EspKeyValue() {
  mount_state();
  mount_factory();
}

void EspKeyValue::mount_state() {
  esp_err_t result = nvs_flash_init();
  if (result == ESP_ERR_NVS_NO_FREE_PAGES || result == ESP_ERR_NVS_NEW_VERSION_FOUND) {
    // A layout it cannot read. A cut of power does not lead here, NVS survives that; any other
    // failure says nothing about what is stored, and what is stored is the only copy.
    ESP_LOGE(kTag, "state unusable (%s), erasing it", esp_err_to_name(result));
    ESP_ERROR_CHECK(nvs_flash_erase());
    result = nvs_flash_init();
  }
  ESP_ERROR_CHECK(result);
  ESP_ERROR_CHECK(nvs_open(kNamespace, NVS_READWRITE, &state_));
}

void EspKeyValue::mount_factory() {
  const esp_partition_t* found = esp_partition_find_first(
      ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_DATA_NVS, kFactoryLabel);
  if (found == nullptr) {
    ESP_LOGE(kTag, "the partition table has no %s", kFactoryLabel);
    return;
  }
  // NVS opens a page for writing when it mounts an empty partition. On a copy of the description
  // that says read-only it cannot, and an empty one then counts as unreadable.
  factory_partition_ = *found;
  factory_partition_.readonly = true;
  esp_err_t result = nvs_flash_init_partition_ptr(&factory_partition_);
  if (result == ESP_OK) {
    result = nvs_open_from_partition(kFactoryLabel, kNamespace, NVS_READONLY, &factory_);
  }
  if (result != ESP_OK) {
    factory_ = 0;
    ESP_LOGW(kTag, "no identity in %s (%s)", kFactoryLabel, esp_err_to_name(result));
  }
}

bool EspKeyValue::get_u32(Store store, std::string_view name, std::uint32_t& value) {
  const Key key(name);
  nvs_type_t type;
  const nvs_handle_t from = handle(store);
  if (!key.valid() || nvs_find_key(from, key.c_str(), &type) != ESP_OK) return false;
  switch (type) {
    case NVS_TYPE_U8: return read_as(nvs_get_u8, from, key, value);
    case NVS_TYPE_U16: return read_as(nvs_get_u16, from, key, value);
    case NVS_TYPE_U32: return read_as(nvs_get_u32, from, key, value);
    default: return false;
  }
}

int EspKeyValue::get_text(Store store, std::string_view name, char* out, std::size_t capacity) {
  const Key key(name);
  std::size_t size = sizeof text_;
  if (!key.valid() || nvs_get_str(handle(store), key.c_str(), text_, &size) != ESP_OK) return -1;
  size = strnlen(text_, sizeof text_);  // NVS counts the NUL
  const bool fits = size <= capacity;
  if (fits) std::memcpy(out, text_, size);
  std::memset(text_, 0, sizeof text_);  // it may have been the token
  return fits ? static_cast<int>(size) : -1;
}

bool EspKeyValue::set_u32(std::string_view name, std::uint32_t value) {
  const Key key(name);
  return key.valid() && stored(state_, nvs_set_u32(state_, key.c_str(), value));
}

bool EspKeyValue::set_text(std::string_view name, std::string_view value) {
  const Key key(name);
  if (!key.valid() || value.size() >= sizeof text_) return false;
  if (!value.empty()) std::memcpy(text_, value.data(), value.size());
  text_[value.size()] = '\0';
  return stored(state_, nvs_set_str(state_, key.c_str(), text_));
}

bool EspKeyValue::erase(std::string_view name) {
  const Key key(name);
  if (!key.valid()) return false;
  const esp_err_t result = nvs_erase_key(state_, key.c_str());
  return result == ESP_ERR_NVS_NOT_FOUND || stored(state_, result);
}

bool EspKeyValue::erase_all() { return stored(state_, nvs_erase_all(state_)); }

}  // namespace jambox::esp32s3
