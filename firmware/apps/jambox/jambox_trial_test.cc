// The production program while its image is on trial: what waits for the old image stays, and no
// restart of its own ends the trial early.
#include "core/ota/app_image.h"
#include "core/ota/update_record.h"
#include "host/fake_update.h"
#include "host/test.h"
#include "host/unit_life.h"

// Its own name, not an unnamed one: all tests are compiled as one file.
namespace jambox::trial_test {

using namespace jambox::test;

// Restarts `life` into an image on trial, as an update does that has been installed.
void start_trial(UnitLife& life) {
  const Bytes image = make_image(2);
  FakeFlash& slot = life.board.slots.next_flash();
  std::copy(image.begin(), image.end(), slot.bytes.begin());
  const auto found = find_app_image(slot, 0x20000);
  CHECK(found.has_value());
  CHECK(UpdateRecord(life.board.kv).set_trial(found->digest, "6.9.0"));
  CHECK(life.board.slots.set_boot_next());
  if (life.app) life.app->before_restart(StartReason::kUpdate);
  life.start(ResetReason::kSoftware);
  CHECK(life.board.slots.pending);
}

// A new image whose readings the backend cannot read must not empty the queue of the old one.
TEST(a_refused_image_on_trial_leaves_the_old_images_readings_alone) {
  for (const int status : {400, 413, 422}) {
    const auto life = new_life();
    life->start();
    run_with_probes(*life, 7);
    life->down = true;
    run_with_probes(*life, 33);
    life->reading_status = status;
    start_trial(*life);
    life->down = false;
    for (int s = 0; s < 7'300 && life->board.slots.active == 1; ++s) {
      if (s % 10 == 0) life->probe();
      life->run(1'000);
    }
    CHECK_EQ(life->board.slots.active, 0);
    CHECK(life->board.console.has("no reading was delivered within two hours"));
    life->reading_status = 201;
    life->run_minutes(30);
    CHECK_EQ(life->stored_impressions(), life->probes);
    check_one_chain(*life);
  }
}

// Once confirmed it drops what is refused, as ever: no reading may block the others.
TEST(a_confirmed_image_drops_a_refused_reading_again) {
  const auto life = new_life();
  life->start();
  run_with_probes(*life, 7);
  start_trial(*life);
  life->run_minutes(7);
  CHECK(!life->board.slots.pending);
  life->reading_status = 400;
  life->run_minutes(11);
  life->reading_status = 201;
  life->board.console.send(R"({"id":5,"cmd":"status"})");
  life->run(1000);
  CHECK(life->board.console.has(R"("queue":0,)"));
  CHECK(life->board.console.has(R"("refused":2,)"));
}

// With nowhere to go back to, nobody is left to keep them for.
TEST(an_image_without_a_way_back_drops_refused_readings) {
  const auto life = new_life();
  life->board.slots.way_back = false;
  life->reading_status = 400;
  start_trial(*life);
  life->run_minutes(16);
  life->reading_status = 201;
  life->run_minutes(6);
  CHECK(!life->board.slots.pending);
  CHECK(life->stored.begin()->second.find(R"("seq":1,)") == std::string::npos);
}

TEST(a_reboot_by_command_waits_for_the_end_of_a_trial) {
  const auto life = new_life();
  life->start();
  run_with_probes(*life, 7);
  life->reading_status = 500;
  start_trial(*life);
  life->command = "reboot";
  life->command_id = "c7";
  run_with_probes(*life, 30);
  CHECK_EQ(life->starts, 2);
  CHECK_EQ(life->board.slots.active, 1);
  CHECK(life->board.console.has("restart waits for the end of the trial: the backend asked"));
  life->reading_status = 201;
  life->run_minutes(20);
  CHECK_EQ(life->starts, 3);
  CHECK_EQ(life->board.slots.active, 1);
  CHECK(!life->board.slots.pending);
  CHECK(life->command.empty());
  life->run_minutes(20);
  CHECK_EQ(life->starts, 3);
  CHECK_EQ(life->stored_impressions(), life->probes);
}

TEST(a_reboot_by_command_is_had_when_the_trial_is_given_up) {
  const auto life = new_life();
  life->reading_status = 500;
  start_trial(*life);
  life->command = "reboot";
  life->command_id = "c8";
  life->run_minutes(125);
  CHECK_EQ(life->starts, 2);
  CHECK_EQ(life->board.slots.active, 0);
  life->run_minutes(60);
  CHECK_EQ(life->starts, 2);
}

// A clock taken over from the old image far ahead of the truth: its readings are refused as lying
// in the future. That is not the image's fault.
TEST(a_clock_far_ahead_neither_ends_nor_decides_a_trial) {
  const auto life = new_life();
  life->time_error_ms = 86'400'000;
  life->start();
  run_with_probes(*life, 7);
  life->time_error_ms = 0;
  life->reading_status = 400;
  start_trial(*life);
  life->run_minutes(110);
  CHECK_EQ(life->starts, 2);
  CHECK(life->board.console.has("restart waits for the end of the trial: the clock was set"));
  life->run_minutes(15);
  CHECK_EQ(life->starts, 3);
  CHECK_EQ(life->board.slots.active, 0);
  CHECK(!life->board.console.has("failed: "));
  CHECK(life->board.kv.state.count("ota_bad") == 0 && life->board.kv.state.count("ota_done") == 0);
  CHECK(life->board.console.has("will be tried again: 6.9.0"));
}

TEST(the_bench_learns_that_its_restart_ends_the_trial) {
  const auto life = new_life();
  life->reading_status = 500;
  start_trial(*life);
  life->run_minutes(1);
  life->board.console.send(R"({"id":3,"cmd":"reboot"})");
  life->run(20);
  CHECK(life->board.console.has("this restart ends the trial"));
  CHECK(life->board.console.has(R"("re":3,"ok":true)"));
  life->run(1000);
  CHECK_EQ(life->board.slots.active, 0);
}

}  // namespace jambox::trial_test
