// The loop of both programs on the chip: one task, tick after tick, asleep in between until the
// next wanted time or until a port has input. Included once by each program's main file.
#pragma once

#include "esp_system.h"
#include "platform.h"
#include "waker.h"

namespace jambox::esp32s3 {

template <typename App>
[[noreturn]] void run() {
  constexpr unsigned kLastWordsMs = 100;
  waker::bind_to_this_task();
  // Static, since together they are far larger than a stack; nothing is allocated for them later.
  static Platform platform;
  static App app(platform.ports());
  app.start();
  for (;;) {
    const std::uint32_t delay_ms = app.tick();
    platform.console().show_log();
    if (platform.system().restart_wanted()) {
      platform.console().drain(kLastWordsMs);
      esp_restart();
    }
    waker::sleep(delay_ms);
  }
}

}  // namespace jambox::esp32s3
