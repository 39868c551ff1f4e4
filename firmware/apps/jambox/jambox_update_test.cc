// Updates on a whole unit: offered, loaded, installed, tried, kept or taken back; and everything
// that goes wrong on the way. Restarts are the fake bootloader's.
#include <algorithm>
#include <cstring>
#include <memory>

#include "apps/jambox/jambox_app.h"
#include "core/clock/civil_time.h"
#include "host/fake_ports.h"
#include "host/fake_update.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

struct UpdatedUnit {
  FakeBoard board;
  FakeUpdates updates;
  std::unique_ptr<JamBoxApp> app;
  Bytes base = make_image(1);
  Bytes image = make_image(2);
  int reading_status = 201;
  std::string command;

  UpdatedUnit() {
    board.give_identity();
    std::memcpy(board.slots.images[0].bytes.data(), base.data(), base.size());
    board.modem.backend = [this](const std::string& request) {
      bool mine = false;
      const std::string answer = updates.answer(request, mine);
      if (mine) return answer;
      const bool reading = request.rfind("POST /api/reading", 0) == 0;
      return reading ? http(reading_status, R"({"status":"ok")" + command + "}")
                     : http(200, heartbeat());
    };
    offer();
    start();
  }
  void offer() { updates.patch = make_patch(base, image); }
  std::string heartbeat() {
    FixedText<24> time;
    add_iso_time(time, 1769688060 + static_cast<std::int64_t>(board.clock.now / 1000));
    return R"({"status":"ok","server_time":")" + std::string(time.view()) + "\"}";
  }
  void start() {
    app = std::make_unique<JamBoxApp>(board.ports());
    app->start();
  }
  void run_s(int seconds) { board.run(*app, static_cast<Millis>(seconds) * 1000); }
  // Until the unit asks for a restart; that is done as well. False: it never did.
  bool run_to_restart(int seconds) {
    const int before = board.system.restarts;
    while (seconds-- > 0 && board.system.restarts == before) run_s(1);
    if (board.system.restarts == before) return false;
    restart();
    return true;
  }
  // The bootloader's part, wanted or after a power cut.
  void restart() {
    board.slots.restart();
    start();
  }
  bool reported(const char* what) const {
    return updates.reports.size() == 1 && updates.reports[0].find(what) != std::string::npos;
  }
  bool nothing_changed() {
    return board.slots.active == 0 && !board.slots.pending && board.system.restarts == 0 &&
           std::memcmp(board.slots.images[0].bytes.data(), base.data(), base.size()) == 0;
  }
};

constexpr const char* kUpdateSuccess = R"({"d":"JBNB0001","v":"6.9.0","success":true})";

}  // namespace

TEST(update_is_loaded_installed_tried_and_kept_after_a_delivered_reading) {
  UpdatedUnit unit;
  CHECK(unit.run_to_restart(400));
  CHECK_EQ(unit.updates.chunks.size(), 5u);
  CHECK_EQ(unit.board.slots.active, 1);
  CHECK(unit.board.slots.pending);
  CHECK(std::memcmp(unit.board.slots.images[1].bytes.data(), unit.image.data(), 2000) == 0);
  CHECK(unit.board.console.has(R"("pattern":"updating")"));
  unit.updates.patch.clear();
  unit.run_s(400);
  CHECK(!unit.board.slots.pending);
  CHECK(unit.reported(kUpdateSuccess));
  unit.restart();
  unit.run_s(400);
  CHECK_EQ(unit.board.slots.active, 1);
  CHECK_EQ(unit.updates.reports.size(), 1u);
  for (const char* key : {"ota_sha", "ota_next", "ota_tries", "ota_trial", "ota_done", "ota_bad"}) {
    CHECK(unit.board.kv.state.count(key) == 0);
  }
  CHECK(unit.board.modem.violations.empty());
}

TEST(update_is_not_kept_for_a_heartbeat_and_goes_back_after_two_hours) {
  UpdatedUnit unit;
  CHECK(unit.run_to_restart(400));
  unit.reading_status = 500;
  unit.run_s(3600);
  CHECK(unit.board.slots.pending);
  CHECK(unit.run_to_restart(3700));
  CHECK_EQ(unit.board.slots.active, 0);
  unit.reading_status = 201;
  unit.run_s(400);
  CHECK(unit.reported(R"("success":false,"error":"no reading was delivered within two hours)"));
  // The same patch is not tried again by itself, but when somebody asks for it.
  const std::size_t chunks = unit.updates.chunks.size();
  unit.run_s(3600);
  CHECK_EQ(unit.updates.chunks.size(), chunks);
  CHECK_EQ(unit.updates.checks, 2);
  unit.command = R"(,"command":"ota_check","command_id":"c1")";
  CHECK(unit.run_to_restart(1200));
  CHECK_EQ(unit.board.slots.active, 1);
}

TEST(update_stays_when_there_is_no_way_back) {
  UpdatedUnit unit;
  CHECK(unit.run_to_restart(400));
  unit.board.slots.way_back = false;
  const int restarts = unit.board.system.restarts;
  unit.reading_status = 500;
  unit.run_s(7800);
  CHECK_EQ(unit.board.system.restarts, restarts);
  unit.reading_status = 201;
  unit.run_s(1800);
  CHECK(!unit.board.slots.pending);
}

TEST(update_that_could_not_be_confirmed_is_confirmed_with_the_next_reading) {
  UpdatedUnit unit;
  CHECK(unit.run_to_restart(400));
  unit.board.slots.fails = true;
  unit.run_s(400);
  CHECK(unit.board.slots.pending);
  CHECK(unit.updates.reports.empty());
  unit.board.slots.fails = false;
  unit.run_s(400);
  CHECK(!unit.board.slots.pending);
  CHECK(unit.reported(kUpdateSuccess));
}

TEST(update_goes_on_where_the_power_was_cut) {
  UpdatedUnit unit;
  for (int s = 0; s < 400 && unit.updates.chunks.size() < 3; ++s) unit.run_s(1);
  unit.restart();
  CHECK(unit.run_to_restart(400));
  CHECK(unit.updates.chunks == std::vector<int>({0, 1, 2, 3, 4}) ||
        unit.updates.chunks == std::vector<int>({0, 1, 2, 2, 3, 4}));
  CHECK_EQ(unit.board.slots.active, 1);
}

TEST(update_survives_power_cuts_while_it_is_written) {
  UpdatedUnit unit;
  for (const std::uint64_t bytes : {1500u, 4500u}) {
    FakeFlash& slot = unit.board.slots.images[1];
    slot.bytes_until_cut = bytes;
    for (int seconds = 0; seconds < 400 && !slot.cut(); ++seconds) unit.run_s(1);
    CHECK(slot.cut());
    slot.bytes_until_cut = ~0ull;
    unit.restart();
    CHECK_EQ(unit.board.slots.active, 0);
  }
  CHECK(unit.run_to_restart(400));
  CHECK_EQ(unit.board.slots.active, 1);
  CHECK_EQ(unit.updates.chunks.size(), 5u);
}

TEST(update_whose_image_crashes_is_given_up_after_three_tries) {
  UpdatedUnit unit;
  for (int tries = 0; tries < 3; ++tries) {
    CHECK(unit.run_to_restart(400));
    CHECK_EQ(unit.board.slots.active, 1);
    unit.restart();  // before it delivered anything
    CHECK_EQ(unit.board.slots.active, 0);
  }
  unit.run_s(400);
  CHECK(unit.reported(R"("success":false,"error":"the new version did not stay up)"));
  CHECK(!unit.run_to_restart(1800));
}

TEST(update_confirmed_just_before_a_power_cut_is_still_reported) {
  UpdatedUnit unit;
  CHECK(unit.run_to_restart(400));
  unit.board.slots.confirm();
  unit.restart();
  unit.updates.patch.clear();
  unit.run_s(200);
  CHECK(unit.reported(kUpdateSuccess));
}

TEST(update_survives_lost_answers_and_damaged_chunks) {
  UpdatedUnit unit;
  unit.updates.lose = 2;
  unit.updates.damage = 3;
  CHECK(unit.run_to_restart(2000));
  CHECK_EQ(unit.board.slots.active, 1);
  CHECK_EQ(unit.updates.chunks.size(), 10u);
}

TEST(update_with_chunks_that_stay_damaged_is_reported_and_left_alone_for_long) {
  UpdatedUnit unit;
  unit.updates.damage = 1000;
  unit.run_s(3600);
  CHECK_EQ(unit.updates.chunks.size(), 5u);
  CHECK(unit.reported(R"("success":false,"error":"chunk 0: its CRC is wrong")"));
  CHECK(unit.nothing_changed());
  unit.updates.damage = 0;
  unit.restart();  // or a day later
  CHECK(unit.run_to_restart(400));
}

// Left there by whoever had the partition before, or by a bit that fell.
TEST(update_erases_a_sector_again_that_does_not_take_a_chunk) {
  UpdatedUnit unit;
  for (int s = 0; s < 400 && unit.updates.chunks.size() < 2; ++s) unit.run_s(1);
  std::fill_n(unit.board.patch.bytes.begin() + 2 * 512, 8, std::uint8_t{0});
  CHECK(unit.run_to_restart(400));
  CHECK(unit.updates.chunks == std::vector<int>({0, 1, 2, 0, 1, 2, 3, 4}));
  CHECK_EQ(unit.board.slots.active, 1);
}

TEST(update_that_goes_on_at_a_bad_place_after_a_restart_erases_its_sector) {
  UpdatedUnit unit;
  for (int s = 0; s < 400 && unit.updates.chunks.size() < 2; ++s) unit.run_s(1);
  std::fill_n(unit.board.patch.bytes.begin() + 2 * 512, 8, std::uint8_t{0});
  unit.restart();
  CHECK(unit.run_to_restart(800));
  CHECK_EQ(unit.board.slots.active, 1);
}

TEST(update_is_reported_and_left_alone_for_long_when_a_place_stays_bad) {
  UpdatedUnit unit;
  for (int s = 0; s < 7200; ++s) {
    unit.run_s(1);
    std::fill_n(unit.board.patch.bytes.begin() + 2 * 512, 8, std::uint8_t{0});
  }
  CHECK_EQ(unit.updates.chunks.size(), 15u);  // five times three
  CHECK(unit.reported(R"("success":false,"error":"chunk 2: the flash does not take it")"));
  CHECK(unit.nothing_changed());
}

TEST(update_for_another_base_is_refused) {
  UpdatedUnit unit;
  unit.updates.patch = make_patch(unit.image, unit.base);
  unit.run_s(400);
  CHECK(unit.reported("the patch is for another base image"));
  CHECK(unit.nothing_changed());
}

TEST(update_that_makes_the_running_image_is_refused) {
  UpdatedUnit unit;
  unit.updates.patch = make_patch(unit.base, unit.base);
  unit.run_s(400);
  CHECK(unit.reported("the new image is the one that runs"));
  CHECK(unit.nothing_changed());
}

TEST(update_that_is_cut_short_is_refused) {
  UpdatedUnit unit;
  unit.updates.patch.pop_back();
  unit.run_s(400);
  CHECK(unit.reported("the patch is malformed"));
  CHECK(unit.nothing_changed());
}

TEST(update_with_another_hash_is_loaded_three_times_and_refused) {
  UpdatedUnit unit;
  unit.updates.sha256 = std::string(64, 'a');
  unit.run_s(4000);
  CHECK_EQ(unit.updates.chunks.size(), 15u);
  CHECK(unit.reported("three attempts to install it have failed"));
  CHECK(unit.nothing_changed());
}

TEST(update_the_unit_cannot_hold_is_refused_before_a_chunk_is_fetched) {
  const std::string hash = R"(,"sha256":")" + std::string(64, 'a') + "\"";
  const std::string offer = R"({"update_available":true,"target":"6.9.0")";
  for (const std::string& rest :
       {hash + R"(,"patch_size":1048577,"chunk_count":2049})", hash + R"(,"patch_size":0})",
        hash + R"(,"patch_size":600,"chunk_count":3})", hash + R"(,"patch_size":9,"chunk_size":9})",
        std::string(R"(,"sha256":"12","patch_size":600})")}) {
    UpdatedUnit unit;
    unit.updates.offer = offer + rest;
    unit.run_s(400);
    CHECK(unit.updates.chunks.empty());
    CHECK(unit.reported(R"("success":false)"));
    CHECK(unit.nothing_changed());
  }
}

TEST(update_answers_that_are_none_are_asked_again_later) {
  for (const char* answer : {"{}", "<html>", R"({"update_available":1})",
                             R"({"update_available":true,"target":"../6","patch_size":9})"}) {
    UpdatedUnit unit;
    unit.updates.offer = answer;
    unit.run_s(1500);
    CHECK(unit.updates.checks >= 2 && unit.updates.checks <= 3);
    CHECK(unit.updates.chunks.empty() && unit.updates.reports.empty());
  }
}

TEST(update_the_backend_withdraws_is_forgotten) {
  UpdatedUnit unit;
  unit.updates.chunk_status = 404;
  unit.run_s(400);
  CHECK_EQ(unit.updates.chunks.size(), 1u);
  CHECK(unit.board.kv.state.count("ota_sha") == 0);
  unit.updates.chunk_status = 429;
  unit.run_s(7200);
  CHECK(unit.updates.chunks.size() >= 4 && unit.updates.chunks.size() < 20);
  unit.updates.chunk_status = 200;
  CHECK(unit.run_to_restart(4000));
}

TEST(update_ends_without_harm_when_flash_or_store_fail) {
  UpdatedUnit unit;
  unit.board.patch.fails = true;
  unit.run_s(3600);
  CHECK(unit.reported("the flash does not take it"));
  UpdatedUnit other;
  other.board.slots.fails = true;
  other.run_s(400);
  CHECK(other.board.console.has("the boot slot cannot be changed"));
  CHECK(other.nothing_changed());
  CHECK_EQ(other.board.kv.state.count("ota_trial"), 0u);
  UpdatedUnit full;
  full.run_s(60);
  full.board.kv.full = true;
  full.run_s(3600);
  CHECK(full.nothing_changed());
}

TEST(update_reports_until_the_backend_has_heard_it) {
  UpdatedUnit unit;
  unit.updates.patch = make_patch(unit.image, unit.base);
  unit.updates.report_status = 500;
  unit.run_s(1800);
  const std::size_t tries = unit.updates.reports.size();
  CHECK(tries >= 2 && tries <= 4);
  unit.restart();
  unit.updates.report_status = 200;
  unit.run_s(300);
  CHECK_EQ(unit.updates.reports.size(), tries + 1);
  unit.run_s(7200);
  CHECK_EQ(unit.updates.reports.size(), tries + 1);
}

TEST(update_that_waits_for_the_first_answer_of_the_backend_lets_the_unit_sleep) {
  UpdatedUnit unit;
  unit.board.modem.refuse_connections = true;
  unit.run_s(600);
  const Millis before = unit.board.clock.now;
  for (int ticks = 0; ticks < 2000; ++ticks) {
    unit.board.modem.next_tick();
    const Millis delay = unit.app->tick();
    unit.board.clock.now += delay < 1 ? 1 : delay;
  }
  CHECK(unit.board.clock.now - before > 200'000);
  CHECK_EQ(unit.updates.checks, 0);
}

TEST(update_chunk_of_a_patch_of_another_size_is_refused) {
  Offer offer;
  offer.patch_size = 1000;
  Chunk chunk;
  CHECK_EQ(parse_chunk(R"({"chunk":1,"total":3,"data":""})", offer, 1, chunk),
           "it is of a patch of another size");
}

TEST(update_versions_go_into_the_query_safely) {
  CHECK(is_version("6.0.0+abc_d-e"));
  for (const char* bad : {"", "6 0", "6&to=7", ".6", "6.0\r\n"}) CHECK(!is_version(bad));
  CHECK(is_version(std::string(32, '6')));
  CHECK(!is_version(std::string(33, '6')));
  UpdatedUnit unit;
  unit.updates.target = "6.1+a";
  CHECK(unit.run_to_restart(400));
  bool plus = false;
  for (const std::string& request : unit.board.modem.requests) {
    plus = plus || request.find("&from=6.0.0&to=6.1%2Ba&chunk=4 ") != std::string::npos;
  }
  CHECK(plus);
}
