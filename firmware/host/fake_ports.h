// The other ports as fakes: time that a test moves, a store that can be full, a console and a light
// that remember. One board for tests of whole programs.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/ports/ports.h"
#include "host/fake_modem.h"

namespace jambox::test {

class FakeClock final : public Clock {
 public:
  Millis now = 0;
  Millis uptime_ms() override { return now; }
};

class FakeConsole final : public ByteStream {
 public:
  std::string from_bench;
  std::string to_bench;
  bool listening = true;
  std::size_t write(const char* data, std::size_t size) override;
  std::size_t read(char* data, std::size_t capacity) override;
  void send(const std::string& json) { from_bench += '\x1e' + json + '\n'; }
  bool has(const std::string& text) const { return to_bench.find(text) != std::string::npos; }
};

class FakeKeyValue final : public KeyValue {
 public:
  std::map<std::string, std::string> state;
  std::map<std::string, std::string> factory;
  bool full = false;

  bool get_u32(Store store, std::string_view key, std::uint32_t& value) override;
  int get_text(Store store, std::string_view key, char* out, std::size_t capacity) override;
  bool set_u32(std::string_view key, std::uint32_t value) override;
  bool set_text(std::string_view key, std::string_view value) override;
  bool erase(std::string_view key) override;
  bool erase_all() override;

 private:
  const std::string* find(Store store, std::string_view key) const;
};

// NOR flash in memory: writing clears bits only. Power can be cut at an exact byte; from then on
// nothing is written until the power is given back.
class FakeFlash final : public Flash {
 public:
  explicit FakeFlash(std::uint32_t size = 0x10000) : bytes(size, 0xFF) {}

  std::vector<std::uint8_t> bytes;
  bool fails = false;  // every access is refused
  // Bytes that may still be written or erased; the one after is not.
  std::uint64_t bytes_until_cut = ~0ull;
  bool cut() const { return bytes_until_cut == 0; }
  std::uint64_t bytes_changed = 0;  // written and erased so far
  std::uint32_t erases = 0;

  bool read(std::uint32_t offset, void* data, std::uint32_t size) override;
  bool write(std::uint32_t offset, const void* data, std::uint32_t size) override;
  bool erase(std::uint32_t offset, std::uint32_t size) override;

 private:
  bool inside(std::uint32_t offset, std::uint32_t size) const;
  std::uint32_t budget(std::uint32_t size);
};

class FakeRadio final : public Radio {
 public:
  std::deque<RadioFrame> frames;
  std::vector<int> modes;  // channel, 0 = off, -1 = BLE
  void off() override { modes.push_back(0); }
  bool wifi_works = true;
  bool ble_works = true;
  bool sniff_wifi(std::uint8_t channel) override {
    modes.push_back(channel);
    return wifi_works;
  }
  bool scan_ble() override {
    modes.push_back(-1);
    return ble_works;
  }
  bool access_points = false;
  void hear_access_points(bool on) override { access_points = on; }
  bool next(RadioFrame& frame) override;
};

class FakeLed final : public LedPort {
 public:
  std::uint32_t rgb = 0;
  int changes = 0;
  void set_rgb(std::uint8_t r, std::uint8_t g, std::uint8_t b) override;
};

class FakeButtons final : public Buttons {
 public:
  bool top = false;
  bool top_pressed() override { return top; }
};

class FakeSystem final : public System {
 public:
  int restarts = 0;
  void restart() override { ++restarts; }
  ResetReason reason = ResetReason::kPowerOn;
  ResetReason reset_reason() override { return reason; }
  std::uint32_t heap = 150 * 1024;
  std::uint32_t least_heap = 120 * 1024;
  std::uint32_t free_heap() override { return heap; }
  std::uint32_t least_free_heap() override { return least_heap; }
  int feeds = 0;
  void feed_watchdog() override { ++feeds; }
  std::array<std::uint8_t, 6> mac() override { return {0xF4, 0x12, 0xFA, 0, 0, 1}; }
  std::uint32_t random() override { return seed_ = seed_ * 1664525u + 1013904223u; }

 private:
  std::uint32_t seed_ = 1;
};

// Two slots and a bootloader that goes back once an image on trial was not confirmed.
class FakeSlots final : public Slots {
 public:
  FakeFlash images[2] = {FakeFlash(0x20000), FakeFlash(0x20000)};
  int active = 0;
  bool pending = false;
  bool way_back = true;
  bool fails = false;  // the boot choice cannot be stored

  // What the bootloader does at a restart.
  void restart();

  Flash& running() override { return images[active]; }
  Flash& next() override { return images[1 - active]; }
  FakeFlash& next_flash() { return images[1 - active]; }
  bool set_boot_next() override;
  bool pending_verify() override { return pending; }
  bool confirm() override;
  bool can_go_back() override { return way_back; }

 private:
  bool switch_wanted_ = false;
};

struct FakeBoard {
  FakeClock clock;
  FakeModem modem;
  FakeConsole console;
  FakeKeyValue kv;
  FakeFlash patch{0x100000};
  FakeFlash readings;
  FakeRadio radio;
  FakeLed led;
  FakeButtons buttons;
  FakeSystem system;
  FakeSlots slots;

  Ports ports() {
    return {clock, modem, console, kv, patch, readings, radio, led, buttons, system, slots};
  }
  // An identity as the bench writes it.
  void give_identity();
  // Runs `app` for `ms` of virtual time, waking it when it asks, at most each 50 ms.
  template <typename App>
  void run(App& app, Millis ms) {
    const Millis end = clock.now + ms;
    while (clock.now < end) {
      modem.next_tick();
      const Millis delay = app.tick();
      const Millis step = delay < 1 ? 1 : delay > 50 ? 50 : delay;
      clock.now += clock.now + step > end ? end - clock.now : step;
    }
  }
};

// A probe request of the locally administered address 02:00:00:xx:xx:xx.
RadioFrame probe_frame(std::uint32_t device, std::int8_t rssi_dbm, bool randomised = true);
RadioFrame ble_frame(std::uint32_t device, std::int8_t rssi_dbm, bool apple,
                     bool randomised = true);

// A beacon of access point `number`: 00:00:5E:00:53:xx, the range for documentation.
RadioFrame beacon_frame(std::uint8_t number, std::int8_t rssi_dbm, const std::string& ssid,
                        std::uint8_t channel);

// `body` as a response with Content-Length.
std::string http(int status, const std::string& body);

}  // namespace jambox::test
