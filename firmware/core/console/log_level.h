// How much a log line matters, as ESP-IDF's own lines have it.
#pragma once

#include <cstdint>

namespace jambox {

enum class LogLevel : std::uint8_t { kInfo, kWarning, kError };

}  // namespace jambox
