// USB console, see console.h.
#include "console.h"

#include <cstdint>

#include "driver/usb_serial_jtag.h"
#include "driver/usb_serial_jtag_select.h"
#include "esp_attr.h"
#include "esp_err.h"
#include "waker.h"

namespace jambox::esp32s3 {

namespace {

// The driver drops what does not fit its receive buffer: room for four of the bench's records.
constexpr std::uint32_t kRxBuffer = 4096;
constexpr std::uint32_t kTxBuffer = 2048;
// The driver takes a piece whole or not at all; small pieces use its buffer up to the end.
constexpr std::size_t kPiece = 256;

void IRAM_ATTR on_usb(usj_select_notif_t what, BaseType_t* task_woken) {
  if (what == USJ_SELECT_READ_NOTIF) waker::wake_from_isr(task_woken);
}

// False when there is no room, or no host to make some.
bool put(const char* data, std::size_t size) {
  return usb_serial_jtag_write_bytes(data, size, 0) == static_cast<int>(size);
}

}  // namespace

EspConsole::EspConsole() {
  usb_serial_jtag_driver_config_t config = {};
  config.tx_buffer_size = kTxBuffer;
  config.rx_buffer_size = kRxBuffer;
  ESP_ERROR_CHECK(usb_serial_jtag_driver_install(&config));
  usb_serial_jtag_set_select_notif_callback(on_usb);
  idf_log::start();
}

std::size_t EspConsole::write(const char* data, std::size_t size) {
  if (!usb_serial_jtag_is_connected()) return 0;
  std::size_t done = 0;
  while (done < size) {
    const std::size_t n = size - done < kPiece ? size - done : kPiece;
    if (!put(data + done, n)) break;
    done += n;
  }
  if (done > 0) at_line_start_ = data[done - 1] == '\n';
  return done;
}

std::size_t EspConsole::read(char* data, std::size_t capacity) {
  const int n = usb_serial_jtag_read_bytes(data, static_cast<std::uint32_t>(capacity), 0);
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

void EspConsole::show_log() {
  while (at_line_start_ && usb_serial_jtag_is_connected()) {
    if (line_size_ == 0) line_size_ = idf_log::take(line_);
    if (line_size_ == 0 || !put(line_, line_size_)) return;
    at_line_start_ = line_[line_size_ - 1] == '\n';
    line_size_ = 0;
  }
}

void EspConsole::drain(unsigned ms) { usb_serial_jtag_wait_tx_done(pdMS_TO_TICKS(ms)); }

}  // namespace jambox::esp32s3
