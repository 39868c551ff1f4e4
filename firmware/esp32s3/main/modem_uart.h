// ByteStream port on UART1: GPIO5 to the SIM7028, GPIO6 from it, 115200 8N1. Knows no AT command.
#pragma once

#include "core/ports/byte_stream.h"

namespace jambox::esp32s3 {

class EspModemUart final : public ByteStream {
 public:
  // Installs the driver; restarts the chip when that fails, since nothing works without it.
  EspModemUart();

  std::size_t write(const char* data, std::size_t size) override;
  std::size_t read(char* data, std::size_t capacity) override;
};

}  // namespace jambox::esp32s3
