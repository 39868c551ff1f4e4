// Catches the log lines of ESP-IDF itself (Wi-Fi, Bluetooth, NVS), so that the console can put them
// between its own lines: printed at once, they would cut its records in two. Knows no console.
#pragma once

#include <cstddef>

namespace jambox::esp32s3::idf_log {

// Longer lines are cut; the line end counts.
inline constexpr std::size_t kLineMax = 128;

// From now on lines are kept, at most eight; those for which there is no room are dropped.
void start();

// Takes the oldest line into `out` (kLineMax bytes), line end included; its length, 0 = none.
std::size_t take(char* out);

}  // namespace jambox::esp32s3::idf_log
