// What the top button means: pressed for short, send now; for long, ask for an update; held at
// boot, bring the modem up as in a fresh unit. Knows nobody who does it.
#pragma once

#include "core/led/top_button.h"

namespace jambox {

class ButtonMeaning {
 public:
  enum class Wish : std::uint8_t {
    kNone,
    kNotice,  // it went down: show that it was felt
    kSendNow,
    kCheckForUpdate
  };

  explicit ButtonMeaning(Buttons& buttons) : buttons_(buttons), button_(buttons) {}

  // At boot. True: it is held, and that press means no more when it ends.
  bool held_at_boot() { return spent_ = buttons_.top_pressed(); }

  Wish tick(Millis now, Wake& wake) {
    switch (button_.tick(now, wake)) {
      case TopButton::Press::kNone: return Wish::kNone;
      case TopButton::Press::kDown: return Wish::kNotice;
      case TopButton::Press::kShort: return released(Wish::kSendNow);
      case TopButton::Press::kLong: return released(Wish::kCheckForUpdate);
    }
    return Wish::kNone;
  }

 private:
  Wish released(Wish wish) {
    const bool spent = spent_;
    spent_ = false;
    return spent ? Wish::kNone : wish;
  }

  Buttons& buttons_;
  TopButton button_;
  bool spent_ = false;  // the press under way had its meaning at boot
};

}  // namespace jambox
