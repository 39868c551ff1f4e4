// Port: the chip itself: restart, why it started, free memory, random bytes, who it is.
#pragma once

#include <array>
#include <cstdint>

namespace jambox {

enum class ResetReason : std::uint8_t {
  kUnknown,
  kPowerOn,
  kSoftware,  // a restart of our own
  kResetLine,
  kCrash,     // the program failed
  kWatchdog,  // it stood still
  kBrownOut
};

class System {
 public:
  // Takes effect after the running tick; may return.
  virtual void restart() = 0;
  virtual ResetReason reset_reason() = 0;
  // Heap that is free now, and the least of it since the start, bytes. 0: not known.
  virtual std::uint32_t free_heap() = 0;
  virtual std::uint32_t least_free_heap() = 0;
  virtual std::uint32_t random() = 0;
  // The chip's base MAC from its eFuses, most significant byte first: who the chip is.
  virtual std::array<std::uint8_t, 6> mac() = 0;
  // Not called for 10 s: the chip resets, kWatchdog.
  virtual void feed_watchdog() = 0;

 protected:
  ~System() = default;
};

}  // namespace jambox
