// Why the unit started: the chip's own word, and of a restart of ours the reason, which is kept
// over it. Knows no protocol.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/ports/key_value.h"
#include "core/ports/system.h"

namespace jambox {

// Numbers as the backend takes them (docs/formats/device-api.md): append only.
enum class StartReason : std::uint8_t {
  kUnknown = 0,
  kPower = 1,
  kBrownOut = 2,
  kCrash = 3,
  kWatchdog = 4,
  kResetLine = 5,
  kCommand = 6,
  kUpdate = 7,
  kSilence = 8,
  kReceiver = 9,
  kClock = 10,
  kBench = 11
};

class StartMemory {
 public:
  explicit StartMemory(KeyValue& kv) : kv_(kv) {}

  // At the start, once: what was kept is forgotten, whatever the chip says.
  StartReason take_up(ResetReason reset);
  // Just before a restart of our own.
  void keep(StartReason why);

  // A number of StartReason, in the state.
  static constexpr std::string_view kKey = "why";

 private:
  KeyValue& kv_;
};

}  // namespace jambox
