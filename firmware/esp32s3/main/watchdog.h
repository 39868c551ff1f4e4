// The watchdogs that the program's loop must satisfy: ESP-IDF's task watchdog (10 s, panics and
// leaves a core dump) and the RTC watchdog behind it (30 s, resets the chip even when the scheduler
// is dead). The bootloader starts the second one and never stops it. Knows no app.
#pragma once

namespace jambox::esp32s3 {

class Watchdog {
 public:
  // From now on the calling task is watched.
  Watchdog();

  // Only at the end of a tick, and only while the program says that it gets on: core/lifeline.
  void feed();
};

}  // namespace jambox::esp32s3
