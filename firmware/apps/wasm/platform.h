// The virtual board as ports: each forwards to one import of the runtime. Knows no app.
#pragma once

#include "core/ports/ports.h"

namespace jambox::wasm {

class WasmClock final : public Clock {
 public:
  Millis uptime_ms() override;
};

class WasmModemUart final : public ByteStream {
 public:
  std::size_t write(const char* data, std::size_t size) override;
  std::size_t read(char* data, std::size_t capacity) override;
};

class WasmConsole final : public ByteStream {
 public:
  std::size_t write(const char* data, std::size_t size) override;
  std::size_t read(char* data, std::size_t capacity) override;
};

class WasmKeyValue final : public KeyValue {
 public:
  bool get_u32(Store store, std::string_view key, std::uint32_t& value) override;
  int get_text(Store store, std::string_view key, char* out, std::size_t capacity) override;
  bool set_u32(std::string_view key, std::uint32_t value) override;
  bool set_text(std::string_view key, std::string_view value) override;
  bool erase(std::string_view key) override;
  bool erase_all() override;
};

class WasmFlash final : public Flash {
 public:
  // `part` as the runtime numbers them: 0 patch, 1 readings, 2 running slot, 3 the other slot.
  explicit WasmFlash(std::int32_t part) : part_(part) {}
  bool read(std::uint32_t offset, void* data, std::uint32_t size) override;
  bool write(std::uint32_t offset, const void* data, std::uint32_t size) override;
  bool erase(std::uint32_t offset, std::uint32_t size) override;

 private:
  std::int32_t part_;
};

class WasmSlots final : public Slots {
 public:
  Flash& running() override { return running_; }
  Flash& next() override { return next_; }
  bool set_boot_next() override;
  bool pending_verify() override;
  bool confirm() override;
  bool can_go_back() override;

 private:
  WasmFlash running_{2};
  WasmFlash next_{3};
};

class WasmRadio final : public Radio {
 public:
  void off() override;
  bool sniff_wifi(std::uint8_t channel) override;
  bool scan_ble() override;
  void hear_access_points(bool on) override { access_points_ = on; }
  bool next(RadioFrame& frame) override;

 private:
  bool take(RadioFrame& frame);

  bool access_points_ = false;
};

class WasmLed final : public LedPort {
 public:
  void set_rgb(std::uint8_t r, std::uint8_t g, std::uint8_t b) override;
};

class WasmButtons final : public Buttons {
 public:
  bool top_pressed() override;
};

class WasmSystem final : public System {
 public:
  void restart() override;
  ResetReason reset_reason() override;
  std::uint32_t free_heap() override;
  std::uint32_t least_free_heap() override;
  std::uint32_t random() override;
  std::array<std::uint8_t, 6> mac() override;
  // The virtual chip has no watchdog that a program feeds; a trap is what resets it.
  void feed_watchdog() override {}
};

// One board.
class Platform {
 public:
  Ports ports() {
    return {clock_, modem_, console_, kv_,     patch_, readings_,
            radio_, led_,   buttons_, system_, slots_};
  }

 private:
  WasmClock clock_;
  WasmModemUart modem_;
  WasmConsole console_;
  WasmKeyValue kv_;
  WasmFlash patch_{0};
  WasmFlash readings_{1};
  WasmRadio radio_;
  WasmLed led_;
  WasmButtons buttons_;
  WasmSystem system_;
  WasmSlots slots_;
};

}  // namespace jambox::wasm
