// The virtual board as ports, see platform.h.
#include "apps/wasm/platform.h"

#include <cstring>

#include "apps/wasm/imports.h"

namespace jambox::wasm {

namespace {

constexpr std::int32_t kTypeU32 = 0;
constexpr std::int32_t kTypeText = 1;
constexpr std::size_t kHeapMax = 16u << 20;

// The runtime is code of our own, but its numbers are still only believed within their range.
std::size_t count(std::int32_t n, std::size_t limit) {
  if (n <= 0) return 0;
  return static_cast<std::size_t>(n) < limit ? static_cast<std::size_t>(n) : limit;
}

std::int32_t part(KeyValue::Store store) { return store == KeyValue::Store::kFactory ? 1 : 0; }

}  // namespace

Millis WasmClock::uptime_ms() { return static_cast<Millis>(jambox_uptime_ms()); }

std::size_t WasmModemUart::write(const char* data, std::size_t size) {
  return count(jambox_uart_write(data, size), size);
}

std::size_t WasmModemUart::read(char* data, std::size_t capacity) {
  return count(jambox_uart_read(data, capacity), capacity);
}

std::size_t WasmConsole::write(const char* data, std::size_t size) {
  return count(jambox_console_write(data, size), size);
}

std::size_t WasmConsole::read(char* data, std::size_t capacity) {
  return count(jambox_console_read(data, capacity), capacity);
}

bool WasmKeyValue::get_u32(Store store, std::string_view key, std::uint32_t& value) {
  std::uint32_t found = 0;
  const std::int32_t n =
      jambox_kv_get(part(store), key.data(), key.size(), kTypeU32, &found, sizeof found);
  if (n == sizeof found) value = found;
  return n == sizeof found;
}

int WasmKeyValue::get_text(Store store, std::string_view key, char* out, std::size_t capacity) {
  const std::int32_t n =
      jambox_kv_get(part(store), key.data(), key.size(), kTypeText, out, capacity);
  return n < 0 ? -1 : static_cast<int>(count(n, capacity));
}

bool WasmKeyValue::set_u32(std::string_view key, std::uint32_t value) {
  return jambox_kv_set(key.data(), key.size(), kTypeU32, &value, sizeof value) == 0;
}

bool WasmKeyValue::set_text(std::string_view key, std::string_view value) {
  return jambox_kv_set(key.data(), key.size(), kTypeText, value.data(), value.size()) == 0;
}

bool WasmKeyValue::erase(std::string_view key) {
  return !key.empty() && jambox_kv_erase(key.data(), key.size()) == 0;
}

bool WasmKeyValue::erase_all() { return jambox_kv_erase(nullptr, 0) == 0; }

bool WasmFlash::read(std::uint32_t offset, void* data, std::uint32_t size) {
  return jambox_flash_read(part_, offset, data, size) == 0;
}

bool WasmFlash::write(std::uint32_t offset, const void* data, std::uint32_t size) {
  return jambox_flash_write(part_, offset, data, size) == 0;
}

bool WasmFlash::erase(std::uint32_t offset, std::uint32_t size) {
  return jambox_flash_erase(part_, offset, size) == 0;
}

bool WasmSlots::set_boot_next() { return jambox_slot_set_boot() == 0; }
bool WasmSlots::pending_verify() { return (jambox_slot_state() & 1) != 0; }
bool WasmSlots::confirm() { return jambox_slot_confirm() == 0; }
bool WasmSlots::can_go_back() { return (jambox_slot_state() & 2) != 0; }

void WasmRadio::off() { jambox_radio_mode(0, 0); }
bool WasmRadio::sniff_wifi(std::uint8_t channel) { return jambox_radio_mode(1, channel) != 0; }
bool WasmRadio::scan_ble() { return jambox_radio_mode(2, 0) != 0; }

bool WasmRadio::next(RadioFrame& frame) {
  constexpr std::uint8_t kBeacon = 0x80;
  constexpr std::uint8_t kProbeResponse = 0x50;
  while (take(frame)) {
    const bool wifi = frame.kind == RadioFrame::Kind::kWifiManagement && frame.size > 0;
    const bool of_access_point =
        wifi && (frame.bytes[0] == kBeacon || frame.bytes[0] == kProbeResponse);
    if (!of_access_point || access_points_) return true;
  }
  return false;
}

// kind u8, RSSI i8, channel u8, 0, then the frame.
bool WasmRadio::take(RadioFrame& frame) {
  constexpr std::size_t kHead = 4;
  std::uint8_t bytes[kHead + kRadioFrameMax];
  const std::size_t n = count(jambox_radio_next(bytes, sizeof bytes), sizeof bytes);
  if (n < kHead) return false;
  frame.kind =
      bytes[0] == 1 ? RadioFrame::Kind::kBleAdvertisement : RadioFrame::Kind::kWifiManagement;
  frame.rssi_dbm = static_cast<std::int8_t>(bytes[1]);
  frame.channel = bytes[2];
  frame.size = n - kHead;
  std::memcpy(frame.bytes, bytes + kHead, frame.size);
  return true;
}

void WasmLed::set_rgb(std::uint8_t r, std::uint8_t g, std::uint8_t b) { jambox_led_rgb(r, g, b); }

bool WasmButtons::top_pressed() { return (jambox_buttons() & 1) != 0; }

void WasmSystem::restart() { jambox_restart(); }

ResetReason WasmSystem::reset_reason() {
  switch (jambox_reset_reason()) {
    case 0: return ResetReason::kPowerOn;
    case 1: return ResetReason::kSoftware;
    case 2: return ResetReason::kResetLine;
    case 3: return ResetReason::kWatchdog;
    case 4: return ResetReason::kBrownOut;
    case 5: return ResetReason::kCrash;
    default: return ResetReason::kUnknown;
  }
}

std::uint32_t WasmSystem::free_heap() {
  return static_cast<std::uint32_t>(count(jambox_heap_free(), kHeapMax));
}

std::uint32_t WasmSystem::least_free_heap() {
  return static_cast<std::uint32_t>(count(jambox_heap_least(), kHeapMax));
}

std::uint32_t WasmSystem::random() {
  std::uint32_t bits = 0;
  jambox_random(&bits, sizeof bits);
  return bits;
}

std::array<std::uint8_t, 6> WasmSystem::mac() {
  std::array<std::uint8_t, 6> mac = {};
  jambox_mac(mac.data());
  return mac;
}

}  // namespace jambox::wasm
