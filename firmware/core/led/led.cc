// Light patterns, see led.h.
#include "core/led/led.h"

namespace jambox {

namespace {

struct Look {
  std::string_view name;
  std::uint32_t rgb;
  std::uint16_t on_ms;  // 0: steady
  std::uint16_t off_ms;
  std::uint32_t dim_rgb;  // colour of the off phase; a pulse dims, a blink goes dark
  Millis short_ms = 0;    // how long a short one lasts; 0: it is a lasting one
};

// Full brightness of a WS2812 blinds at arm's length: a quarter of it is plenty.
constexpr Look kLooks[] = {
    {"booting", 0x300040, 0, 0, 0},
    {"searching", 0x400000, 500, 500, 0},
    {"failed", 0x400000, 120, 120, 0},
    {"connected", 0x004000, 0, 0, 0},
    {"sending", 0x004040, 250, 250, 0x000808},
    {"sent", 0x004000, 0, 0, 0, 3000},
    {"send_failed", 0x000040, 500, 500, 0},
    {"updating", 0x403000, 250, 250, 0x080600},
    {"button", 0x404040, 0, 0, 0, 150},
    {"here", 0x404040, 120, 120, 0, 10000},
};

const Look& look_of(LedPattern pattern) { return kLooks[static_cast<int>(pattern)]; }

}  // namespace

std::string_view led_pattern_name(LedPattern pattern) { return look_of(pattern).name; }

void Led::flash(LedPattern pattern, Millis now) {
  short_ = pattern;
  short_until_ = now + look_of(pattern).short_ms;
}

void Led::tick(Millis now, Wake& wake) {
  const bool covered = now < short_until_;
  const LedPattern pattern = covered ? short_ : lasting_;
  if (covered) wake.at(short_until_);
  if (pattern != shown_ || !ever_shown_) {
    shown_ = pattern;
    shown_since_ = now;
    observer_.on_led(pattern);
  }
  const Look& look = look_of(pattern);
  std::uint32_t rgb = look.rgb;
  if (look.on_ms != 0) {
    const Millis in_cycle = (now - shown_since_) % (look.on_ms + look.off_ms);
    const bool on = in_cycle < look.on_ms;
    if (!on) rgb = look.dim_rgb;
    wake.at(now - in_cycle + (on ? look.on_ms : look.on_ms + look.off_ms));
  }
  if (rgb == rgb_ && ever_shown_) return;
  ever_shown_ = true;
  rgb_ = rgb;
  port_.set_rgb(static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8),
                static_cast<std::uint8_t>(rgb));
}

}  // namespace jambox
