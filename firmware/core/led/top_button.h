// The top button, debounced: tells a short press from a long one. Knows no meaning.
#pragma once

#include "core/base/units.h"
#include "core/ports/buttons.h"

namespace jambox {

class TopButton {
 public:
  enum class Press : std::uint8_t { kNone, kDown, kShort, kLong };

  explicit TopButton(Buttons& buttons) : buttons_(buttons) {}

  // kDown when it goes down; on release kShort, or kLong after kLongMs.
  Press tick(Millis now, Wake& wake) {
    const bool down = buttons_.top_pressed();
    if (down == down_ || now - changed_at_ < kDebounceMs) {
      if (down != down_) wake.at(changed_at_ + kDebounceMs);
      return Press::kNone;
    }
    down_ = down;
    const Millis held = now - changed_at_;
    changed_at_ = now;
    if (down) return Press::kDown;
    return held >= kLongMs ? Press::kLong : Press::kShort;
  }

  static constexpr Millis kDebounceMs = 30;
  static constexpr Millis kLongMs = 3000;

 private:
  Buttons& buttons_;
  bool down_ = false;
  Millis changed_at_ = 0;
};

}  // namespace jambox
