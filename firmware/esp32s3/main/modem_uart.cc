// Modem UART, see modem_uart.h.
#include "modem_uart.h"

#include "driver/uart.h"
#include "driver/uart_select.h"
#include "esp_attr.h"
#include "esp_err.h"
#include "waker.h"

namespace jambox::esp32s3 {

namespace {

constexpr uart_port_t kPort = UART_NUM_1;
constexpr int kTxPin = 5;
constexpr int kRxPin = 6;
constexpr int kBaud = 115'200;
// Holds what arrives in 700 ms: starting the radio or erasing NVS pages takes less.
constexpr int kRxBuffer = 8192;
// None: uart_tx_chars, the call that never waits, fills the hardware's 128 bytes, and the core
// comes back a millisecond later with the rest.
constexpr int kTxBuffer = 0;

// The driver's interrupt lies in IRAM (CONFIG_UART_ISR_IN_IRAM): the 128-byte FIFO would overrun
// 11 ms into an erase of the flash.
void IRAM_ATTR on_uart(uart_port_t, uart_select_notif_t what, BaseType_t* task_woken) {
  if (what != UART_SELECT_WRITE_NOTIF) waker::wake_from_isr(task_woken);
}

}  // namespace

EspModemUart::EspModemUart() {
  uart_config_t config = {};
  config.baud_rate = kBaud;
  config.data_bits = UART_DATA_8_BITS;
  config.parity = UART_PARITY_DISABLE;
  config.stop_bits = UART_STOP_BITS_1;
  config.flow_ctrl = UART_HW_FLOWCTRL_DISABLE;
  config.source_clk = UART_SCLK_DEFAULT;
  ESP_ERROR_CHECK(uart_driver_install(kPort, kRxBuffer, kTxBuffer, 0, nullptr, 0));
  ESP_ERROR_CHECK(uart_param_config(kPort, &config));
  ESP_ERROR_CHECK(uart_set_pin(kPort, kTxPin, kRxPin, UART_PIN_NO_CHANGE, UART_PIN_NO_CHANGE));
  uart_set_select_notif_callback(kPort, on_uart);
}

std::size_t EspModemUart::write(const char* data, std::size_t size) {
  const int n = uart_tx_chars(kPort, data, static_cast<std::uint32_t>(size));
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

std::size_t EspModemUart::read(char* data, std::size_t capacity) {
  const int n = uart_read_bytes(kPort, data, static_cast<std::uint32_t>(capacity), 0);
  return n > 0 ? static_cast<std::size_t>(n) : 0;
}

}  // namespace jambox::esp32s3
