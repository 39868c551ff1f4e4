// What the top button does, see button_actions.h.
#include "core/actions/button_actions.h"

namespace jambox {

bool ButtonActions::held_at_boot() {
  const bool held = meaning_.held_at_boot();
  if (held) parts_.log.button_held_at_boot();
  return held;
}

void ButtonActions::tick(Millis now, Wake& wake) {
  const auto wish = meaning_.tick(now, wake);
  parts_.log.button(wish);
  switch (wish) {
    case ButtonMeaning::Wish::kNone: return;
    case ButtonMeaning::Wish::kNotice: return parts_.led.flash(LedPattern::kButton, now);
    case ButtonMeaning::Wish::kCheckForUpdate: return parts_.unit.check_for_update();
    case ButtonMeaning::Wish::kSendNow: return parts_.log.button_refused(parts_.unit.send_now());
  }
}

}  // namespace jambox
