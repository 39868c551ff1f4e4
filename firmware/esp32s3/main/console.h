// Console port on the chip's USB-Serial-JTAG: never waits, and shows ESP-IDF's own log lines where
// no record is under way. Knows no record's meaning, only where lines end.
#pragma once

#include "core/ports/byte_stream.h"
#include "idf_log.h"

namespace jambox::esp32s3 {

class EspConsole final : public ByteStream {
 public:
  // Installs the driver and takes over ESP-IDF's log.
  EspConsole();

  std::size_t write(const char* data, std::size_t size) override;
  std::size_t read(char* data, std::size_t capacity) override;

  // Shows the log lines that came since; to be called after each tick.
  void show_log();
  // Waits at most `ms` until the host has taken everything, as before a restart.
  void drain(unsigned ms);

 private:
  char line_[idf_log::kLineMax];
  std::size_t line_size_ = 0;  // of a log line for which there was no room yet
  bool at_line_start_ = true;
};

}  // namespace jambox::esp32s3
