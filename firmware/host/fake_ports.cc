// Port fakes, see fake_ports.h.
#include "host/fake_ports.h"

#include <cstring>

namespace jambox::test {

std::size_t FakeConsole::write(const char* data, std::size_t size) {
  if (!listening) return 0;
  to_bench.append(data, size);
  return size;
}

std::size_t FakeConsole::read(char* data, std::size_t capacity) {
  const std::size_t n = from_bench.size() < capacity ? from_bench.size() : capacity;
  std::memcpy(data, from_bench.data(), n);
  from_bench.erase(0, n);
  return n;
}

const std::string* FakeKeyValue::find(Store store, std::string_view key) const {
  const auto& values = store == Store::kFactory ? factory : state;
  const auto found = values.find(std::string(key));
  return found == values.end() ? nullptr : &found->second;
}

bool FakeKeyValue::get_u32(Store store, std::string_view key, std::uint32_t& value) {
  const std::string* found = find(store, key);
  if (found != nullptr) value = static_cast<std::uint32_t>(std::stoul(*found));
  return found != nullptr;
}

int FakeKeyValue::get_text(Store store, std::string_view key, char* out, std::size_t capacity) {
  const std::string* found = find(store, key);
  if (found == nullptr || found->size() > capacity) return -1;
  std::memcpy(out, found->data(), found->size());
  return static_cast<int>(found->size());
}

bool FakeKeyValue::set_u32(std::string_view key, std::uint32_t value) {
  return set_text(key, std::to_string(value));
}

bool FakeKeyValue::set_text(std::string_view key, std::string_view value) {
  if (full || key.size() > 15) return false;
  state[std::string(key)] = std::string(value);
  return true;
}

bool FakeKeyValue::erase(std::string_view key) { return state.erase(std::string(key)) > 0; }

bool FakeKeyValue::erase_all() {
  state.clear();
  return true;
}

bool FakeFlash::inside(std::uint32_t offset, std::uint32_t size) const {
  return !fails && offset <= bytes.size() && size <= bytes.size() - offset;
}

std::uint32_t FakeFlash::budget(std::uint32_t size) {
  const auto n = static_cast<std::uint32_t>(bytes_until_cut < size ? bytes_until_cut : size);
  if (bytes_until_cut != ~0ull) bytes_until_cut -= n;
  bytes_changed += n;
  return n;
}

bool FakeFlash::read(std::uint32_t offset, void* data, std::uint32_t size) {
  if (!inside(offset, size)) return false;
  std::memcpy(data, bytes.data() + offset, size);
  return true;
}

bool FakeFlash::write(std::uint32_t offset, const void* data, std::uint32_t size) {
  if (!inside(offset, size)) return false;
  const auto* from = static_cast<const std::uint8_t*>(data);
  const std::uint32_t n = budget(size);
  for (std::uint32_t i = 0; i < n; ++i) bytes[offset + i] &= from[i];
  return n == size;
}

bool FakeFlash::erase(std::uint32_t offset, std::uint32_t size) {
  if (!inside(offset, size) || offset % 4096 != 0 || size % 4096 != 0) return false;
  const std::uint32_t n = budget(size);
  std::memset(bytes.data() + offset, 0xFF, n);
  erases += size / 4096;
  return n == size;
}

bool FakeRadio::next(RadioFrame& frame) {
  while (!frames.empty()) {
    frame = frames.front();
    frames.pop_front();
    const bool wifi = frame.kind == RadioFrame::Kind::kWifiManagement;
    const bool beacon = wifi && (frame.bytes[0] == 0x80 || frame.bytes[0] == 0x50);
    if (!beacon || access_points) return true;
  }
  return false;
}

void FakeLed::set_rgb(std::uint8_t r, std::uint8_t g, std::uint8_t b) {
  rgb = static_cast<std::uint32_t>(r << 16 | g << 8 | b);
  ++changes;
}

void FakeSlots::restart() {
  if (switch_wanted_ || pending) active = 1 - active;
  pending = switch_wanted_;
  switch_wanted_ = false;
}

bool FakeSlots::set_boot_next() {
  switch_wanted_ = !fails;
  return !fails;
}

bool FakeSlots::confirm() {
  if (fails) return false;
  pending = false;
  return true;
}

void FakeBoard::give_identity() {
  kv.factory = {{"id", "JBNB0001"},
                {"token", "hq0Vd3Y5o1l8mS6n2bZxR7tKQwE4uJcA9fGpLyXiTzM"},
                {"host", "ingest.example.net"},
                {"port", "80"},
                {"apn", "hologram"}};
}

RadioFrame probe_frame(std::uint32_t device, std::int8_t rssi_dbm, bool randomised) {
  RadioFrame frame;
  frame.rssi_dbm = rssi_dbm;
  frame.channel = 6;
  const std::uint8_t first = randomised ? 0x02 : 0x00;
  const std::uint8_t bytes[] = {0x40,
                                0,
                                0,
                                0,
                                0xff,
                                0xff,
                                0xff,
                                0xff,
                                0xff,
                                0xff,
                                first,
                                0,
                                0,
                                static_cast<std::uint8_t>(device >> 16),
                                static_cast<std::uint8_t>(device >> 8),
                                static_cast<std::uint8_t>(device),
                                0xff,
                                0xff,
                                0xff,
                                0xff,
                                0xff,
                                0xff,
                                0x10,
                                0x00,
                                0,
                                0,
                                1,
                                4,
                                2,
                                4,
                                11,
                                22};
  frame.size = sizeof bytes;
  std::memcpy(frame.bytes, bytes, sizeof bytes);
  return frame;
}

RadioFrame ble_frame(std::uint32_t device, std::int8_t rssi_dbm, bool apple, bool randomised) {
  RadioFrame frame;
  frame.kind = RadioFrame::Kind::kBleAdvertisement;
  frame.rssi_dbm = rssi_dbm;
  const std::uint8_t bytes[] = {static_cast<std::uint8_t>(randomised ? 1 : 0),
                                static_cast<std::uint8_t>(device),
                                static_cast<std::uint8_t>(device >> 8),
                                0,
                                0,
                                0,
                                0x41,
                                2,
                                1,
                                6,
                                5,
                                0xff,
                                static_cast<std::uint8_t>(apple ? 0x4c : 0x75),
                                0,
                                0x10,
                                0x05};
  frame.size = sizeof bytes;
  std::memcpy(frame.bytes, bytes, sizeof bytes);
  return frame;
}

RadioFrame beacon_frame(std::uint8_t number, std::int8_t rssi_dbm, const std::string& ssid,
                        std::uint8_t channel) {
  RadioFrame frame;
  frame.rssi_dbm = rssi_dbm;
  frame.channel = channel;
  std::string bytes("\x80\0\0\0\xff\xff\xff\xff\xff\xff", 10);
  for (int i = 0; i < 2; ++i) {
    bytes += std::string("\0\0\x5e\0\x53", 5) + static_cast<char>(number);
  }
  bytes += std::string(
      "\x10\0"
      "\0\0\0\0\0\0\0\0\x64\0\x11\x04",
      14);
  bytes += std::string("\0", 1) + static_cast<char>(ssid.size()) + ssid;
  bytes += std::string("\x03\x01", 2) + static_cast<char>(channel);
  frame.size = bytes.size();
  std::memcpy(frame.bytes, bytes.data(), bytes.size());
  return frame;
}

std::string http(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace jambox::test
