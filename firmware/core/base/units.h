// Small shared types: time since boot, when to run next, counts that stop at their limit.
#pragma once

#include <cstdint>

namespace jambox {

// Milliseconds since boot; never wraps within the life of a unit.
using Millis = std::uint64_t;

// The backend refuses counts above this (device API), so counters stop there.
inline constexpr std::uint32_t kCountMax = 10'000'000;

// Adds and stays at kCountMax.
inline void count_up(std::uint32_t& counter, std::uint32_t n = 1) {
  counter = n >= kCountMax - (counter < kCountMax ? counter : kCountMax) ? kCountMax : counter + n;
}

// Takes one back. A count at its limit stands for "at least so many": it stays.
inline void count_down(std::uint32_t& counter) {
  if (counter > 0 && counter < kCountMax) --counter;
}

// Collects the earliest time at which any part wants to run again.
class Wake {
 public:
  explicit Wake(Millis now) : now_(now), at_(now + kLongestSleepMs) {}

  void at(Millis when) {
    if (when < at_) at_ = when;
  }
  void soon() { at_ = now_; }
  std::uint32_t delay_ms() const {
    return at_ <= now_ ? 0 : static_cast<std::uint32_t>(at_ - now_);
  }

  // Bound of the platform's contract (docs/formats/wasm-abi.md): a tick at least every second.
  static constexpr Millis kLongestSleepMs = 1000;

 private:
  Millis now_;
  Millis at_;
};

}  // namespace jambox
