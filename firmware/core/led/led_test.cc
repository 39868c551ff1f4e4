// Light patterns and the button.
#include "core/led/led.h"

#include "core/led/button_meaning.h"
#include "core/led/lasting_pattern.h"
#include "core/led/top_button.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {
struct LedRig final : LedObserver {
  FakeLed port;
  Led led{port, *this};
  std::string events;
  void on_led(LedPattern pattern) override {
    events += std::string(led_pattern_name(pattern)) + ' ';
  }
  std::uint32_t at(Millis now) {
    Wake wake(now);
    led.tick(now, wake);
    return port.rgb;
  }
};
}  // namespace

TEST(led_blinks_slowly_while_searching) {
  LedRig rig;
  rig.led.show(LedPattern::kSearching);
  CHECK_EQ(rig.at(1000), 0x400000u);
  CHECK_EQ(rig.at(1499), 0x400000u);
  CHECK_EQ(rig.at(1500), 0u);
  CHECK_EQ(rig.at(2000), 0x400000u);
  CHECK_EQ(rig.events, "searching ");
}

TEST(led_short_pattern_covers_the_lasting_one) {
  LedRig rig;
  rig.led.show(LedPattern::kConnected);
  CHECK_EQ(rig.at(0), 0x004000u);
  rig.led.flash(LedPattern::kButton, 0);
  CHECK_EQ(rig.at(10), 0x404040u);
  CHECK_EQ(rig.at(149), 0x404040u);
  CHECK_EQ(rig.at(150), 0x004000u);
  CHECK_EQ(rig.events, "connected button connected ");
}

TEST(led_that_shows_which_unit_it_is_covers_everything_for_ten_seconds) {
  LedRig rig;
  rig.led.show(LedPattern::kFailed);
  rig.led.flash(LedPattern::kHere, 1000);
  CHECK_EQ(rig.at(1000), 0x404040u);
  CHECK_EQ(rig.at(1120), 0u);
  CHECK_EQ(rig.at(10'700), 0x404040u);
  CHECK_EQ(rig.at(11'000), 0x400000u);
  CHECK_EQ(rig.events, "here failed ");
}

TEST(led_is_only_written_when_it_changes) {
  LedRig rig;
  rig.led.show(LedPattern::kConnected);
  for (Millis now = 0; now < 10000; now += 10) rig.at(now);
  CHECK_EQ(rig.port.changes, 1);
}

TEST(button_tells_short_from_long_and_ignores_bounce) {
  FakeButtons buttons;
  TopButton button(buttons);
  std::string seen;
  const auto hold = [&](bool down, Millis from, Millis to) {
    buttons.top = down;
    for (Millis now = from; now < to; ++now) {
      Wake wake(now);
      const auto press = button.tick(now, wake);
      if (press == TopButton::Press::kDown) seen += 'd';
      if (press == TopButton::Press::kShort) seen += 's';
      if (press == TopButton::Press::kLong) seen += 'l';
    }
  };
  hold(false, 0, 100);
  hold(true, 100, 105);
  hold(false, 105, 110);
  hold(true, 110, 300);
  hold(false, 300, 1000);
  hold(true, 1000, 5000);
  hold(false, 5000, 6000);
  CHECK_EQ(seen, "dsdl");
}

TEST(led_lasting_pattern_is_that_of_the_first_reason) {
  LedReasons all{.installing = true,
                 .modem_answered = false,
                 .attaching = true,
                 .offline = true,
                 .online = false,
                 .sending = true,
                 .backend_failing = true};
  CHECK(lasting_pattern(all) == LedPattern::kUpdating);
  all.installing = false;
  CHECK(lasting_pattern(all) == LedPattern::kBooting);
  all.modem_answered = true;
  CHECK(lasting_pattern(all) == LedPattern::kFailed);
  all.offline = false;
  CHECK(lasting_pattern(all) == LedPattern::kSearching);
  all.online = true;
  CHECK(lasting_pattern(all) == LedPattern::kSending);
  all.sending = false;
  CHECK(lasting_pattern(all) == LedPattern::kSendFailed);
  CHECK(lasting_pattern({}) == LedPattern::kConnected);
}

TEST(led_boots_no_longer_once_a_silent_modem_was_given_up) {
  const LedReasons reasons{.modem_answered = false, .offline = true, .online = false};
  CHECK(lasting_pattern(reasons) == LedPattern::kFailed);
}

namespace {
// What the button wished for when it was held from `from` until `to` and watched for a second more.
std::string wishes(ButtonMeaning& meaning, FakeButtons& buttons, Millis from, Millis to) {
  std::string seen;
  for (Millis now = from; now < to + 1000; ++now) {
    buttons.top = now < to;
    Wake wake(now);
    const auto wish = meaning.tick(now, wake);
    if (wish == ButtonMeaning::Wish::kNotice) seen += "notice ";
    if (wish == ButtonMeaning::Wish::kSendNow) seen += "send ";
    if (wish == ButtonMeaning::Wish::kCheckForUpdate) seen += "update ";
  }
  return seen;
}
}  // namespace

TEST(button_pressed_for_short_sends_and_for_long_asks_for_an_update) {
  FakeButtons buttons;
  ButtonMeaning meaning(buttons);
  CHECK(!meaning.held_at_boot());
  CHECK_EQ(wishes(meaning, buttons, 1000, 1500), "notice send ");
  CHECK_EQ(wishes(meaning, buttons, 5000, 8500), "notice update ");
}

TEST(button_held_at_boot_means_no_more_when_it_is_released) {
  FakeButtons buttons;
  buttons.top = true;
  ButtonMeaning meaning(buttons);
  CHECK(meaning.held_at_boot());
  CHECK_EQ(wishes(meaning, buttons, 0, 5000), "notice ");
  CHECK_EQ(wishes(meaning, buttons, 9000, 9500), "notice send ");
}
