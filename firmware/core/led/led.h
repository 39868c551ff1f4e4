// What the light says: ten patterns as colour and rhythm. A short one (button, sent, here) covers
// the lasting one for its time. Knows neither why nor who sets them.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/units.h"
#include "core/ports/led_port.h"

namespace jambox {

enum class LedPattern : std::uint8_t {
  kBooting,
  kSearching,
  kFailed,
  kConnected,
  kSending,
  kSent,
  kSendFailed,
  kUpdating,
  kButton,
  kHere
};

// As console records spell it.
std::string_view led_pattern_name(LedPattern pattern);

class LedObserver {
 public:
  virtual void on_led(LedPattern pattern) = 0;

 protected:
  ~LedObserver() = default;
};

class Led {
 public:
  Led(LedPort& port, LedObserver& observer) : port_(port), observer_(observer) {}

  // The lasting pattern.
  void show(LedPattern pattern) { lasting_ = pattern; }
  // Covers it for as long as a short pattern lasts; a later call replaces an earlier one.
  void flash(LedPattern pattern, Millis now);
  LedPattern pattern() const { return shown_; }
  void tick(Millis now, Wake& wake);

 private:
  LedPort& port_;
  LedObserver& observer_;
  LedPattern lasting_ = LedPattern::kBooting;
  LedPattern short_ = LedPattern::kBooting;
  Millis short_until_ = 0;
  LedPattern shown_ = LedPattern::kBooting;
  bool ever_shown_ = false;
  Millis shown_since_ = 0;
  std::uint32_t rgb_ = 0;
};

}  // namespace jambox
