// What the production program does when its button is pressed for long.
#include <memory>

#include "host/test.h"
#include "host/unit_life.h"

// Its own name, not an unnamed one: all tests are compiled as one file.
namespace jambox::button_test {

using namespace jambox::test;

TEST(a_long_press_asks_for_an_update) {
  const auto life = std::make_unique<UnitLife>();
  life->start();
  life->run_minutes(3);
  const int asked = life->requests("POST /api/ota/check ");
  life->board.buttons.top = true;
  life->run(3'500);
  life->board.buttons.top = false;
  life->run_minutes(1);
  CHECK(life->board.console.has("long press: asking for an update"));
  CHECK_EQ(life->requests("POST /api/ota/check "), asked + 1);
}

}  // namespace jambox::button_test
