// What backend and button ask of the unit, and what is said of it.
#include <string>
#include <utility>

#include "core/actions/backend_command.h"
#include "core/actions/button_actions.h"
#include "host/fake_ports.h"
#include "host/test.h"

namespace jambox::actions_test {

using namespace jambox::test;

// Notes what was asked of it.
struct FakeUnit final : UnitActions {
  std::string asked;
  std::string_view refusal;
  std::string_view send_now() override { return asked += "send ", refusal; }
  void reboot() override { asked += "reboot "; }
  void fetch_config() override { asked += "config "; }
  void geolocate() override { asked += "geolocate "; }
  void check_for_update() override { asked += "update "; }
  std::string take() { return std::exchange(asked, ""); }
};

TEST(each_command_asks_one_thing_of_the_unit) {
  const std::pair<const char*, const char*> commands[] = {{"send_now", "send "},
                                                          {"reboot", "reboot "},
                                                          {"fetch_config", "config "},
                                                          {"geolocate", "geolocate "},
                                                          {"ota_check", "update "}};
  FakeUnit unit;
  for (const auto& [name, asked] : commands) {
    CHECK_EQ(run_command(name, true, unit), "");
    CHECK_EQ(unit.take(), asked);
  }
}

TEST(a_command_of_another_version_asks_nothing) {
  FakeUnit unit;
  for (const char* name : {"dance", "", "Reboot", "reboot ", "send_now_please"}) {
    CHECK_EQ(run_command(name, true, unit), "not known to this version");
  }
  CHECK_EQ(unit.take(), "");
}

// The others do no harm when they come again; a restart would never end.
TEST(only_a_reboot_must_be_remembered) {
  FakeUnit unit;
  CHECK_EQ(run_command("reboot", false, unit), "not carried out, its id could not be stored");
  CHECK_EQ(unit.take(), "");
  for (const char* name : {"send_now", "fetch_config", "geolocate", "ota_check"}) {
    CHECK_EQ(run_command(name, false, unit), "");
  }
  CHECK_EQ(unit.take(), "send config geolocate update ");
}

struct ButtonRig final : LedObserver {
  FakeButtons buttons;
  FakeLed light;
  FakeConsole console;
  FakeUnit unit;
  ConsoleStream stream{console};
  Events events{stream};
  UnitLog log{events};
  Led led{light, *this};
  ButtonActions actions{{buttons, led, log, unit}};
  std::string shown;
  Millis now = 1000;

  ButtonRig() { led.show(LedPattern::kConnected); }
  void on_led(LedPattern pattern) override {
    shown += std::string(led_pattern_name(pattern)) + ' ';
  }
  // What the log says while the button is held for `ms`, and in the second after.
  std::string press(Millis ms) {
    console.to_bench.clear();
    const Millis up = now + ms;
    for (; now < up + 1000; now += 10) {
      buttons.top = now < up;
      Wake wake(now);
      actions.tick(now, wake);
      led.tick(now, wake);
      stream.flush();
    }
    return console.to_bench;
  }
};

TEST(a_short_press_sends_and_a_long_one_asks_for_an_update) {
  ButtonRig rig;
  CHECK(!rig.actions.held_at_boot());
  CHECK_EQ(rig.press(500), "I (0) button: short press: send now\n");
  CHECK_EQ(rig.unit.take(), "send ");
  CHECK_EQ(rig.press(3500), "I (0) button: long press: asking for an update\n");
  CHECK_EQ(rig.unit.take(), "update ");
  CHECK_EQ(rig.shown, "button connected button connected ");
}

TEST(a_press_that_cannot_send_says_why) {
  ButtonRig rig;
  rig.unit.refusal = "no identity";
  CHECK_EQ(rig.press(500), "I (0) button: short press: send now\nW (0) button: no identity\n");
}

TEST(a_button_held_at_boot_asks_nothing_else_when_it_is_let_go) {
  ButtonRig rig;
  rig.buttons.top = true;
  CHECK(rig.actions.held_at_boot());
  CHECK_EQ(rig.press(5000), "I (0) button: held at boot: the modem is brought up anew\n");
  CHECK_EQ(rig.unit.take(), "");
}

}  // namespace jambox::actions_test
