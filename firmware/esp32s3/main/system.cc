// The chip itself, see system.h.
#include "system.h"

#include "bootloader_random.h"
#include "esp_mac.h"
#include "esp_random.h"
#include "esp_system.h"

namespace jambox::esp32s3 {

// The hardware's generator is truly random while the radio runs (ESP-IDF, Random Number
// Generation). The salts of the first moments are drawn before that, hence the seed from noise.
EspSystem::EspSystem() {
  bootloader_random_enable();
  esp_fill_random(&seed_, sizeof seed_);
  bootloader_random_disable();
}

ResetReason EspSystem::reset_reason() {
  switch (esp_reset_reason()) {
    case ESP_RST_POWERON: return ResetReason::kPowerOn;
    case ESP_RST_SW: return ResetReason::kSoftware;
    case ESP_RST_EXT:
    case ESP_RST_USB:
    case ESP_RST_JTAG: return ResetReason::kResetLine;
    case ESP_RST_PANIC:
    case ESP_RST_CPU_LOCKUP: return ResetReason::kCrash;
    case ESP_RST_INT_WDT:
    case ESP_RST_TASK_WDT:
    case ESP_RST_WDT: return ResetReason::kWatchdog;
    case ESP_RST_BROWNOUT:
    case ESP_RST_PWR_GLITCH: return ResetReason::kBrownOut;
    default: return ResetReason::kUnknown;
  }
}

// All heaps together, the drivers' included (ESP-IDF, Heap Memory Allocation).
std::uint32_t EspSystem::free_heap() { return esp_get_free_heap_size(); }
std::uint32_t EspSystem::least_free_heap() { return esp_get_minimum_free_heap_size(); }

std::uint32_t EspSystem::random() {
  seed_ = seed_ * 6364136223846793005ull + 1442695040888963407ull;  // Knuth's MMIX generator
  return esp_random() ^ static_cast<std::uint32_t>(seed_ >> 32);
}

std::array<std::uint8_t, 6> EspSystem::mac() {
  std::array<std::uint8_t, 6> mac = {};
  // Fails only for a base MAC in a custom eFuse, which no unit has; all zeros tell that.
  if (esp_efuse_mac_get_default(mac.data()) != ESP_OK) mac.fill(0);
  return mac;
}

}  // namespace jambox::esp32s3
