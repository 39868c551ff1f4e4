// Entry of a virtual image: constructs the platform and one app, gives the runtime app_start and
// app_tick (docs/formats/wasm-abi.md). Included once by each program's main file.
#pragma once

#include "apps/wasm/platform.h"

namespace jambox::wasm {

// The program, for as long as the chip runs. Constructed on first use, never destroyed.
template <typename App>
App& program() {
  static Platform platform;
  static App app(platform.ports());
  return app;
}

}  // namespace jambox::wasm

#define JAMBOX_PROGRAM(App)                                               \
  extern "C" __attribute__((export_name("app_start"))) void app_start() { \
    jambox::wasm::program<App>().start();                                 \
  }                                                                       \
  extern "C" __attribute__((export_name("app_tick"))) double app_tick() { \
    return jambox::wasm::program<App>().tick();                           \
  }
