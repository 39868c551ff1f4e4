// Catching up in batches, on a whole unit: how much less it costs, and that each reading is stored
// once whatever becomes of the batch it went in.
#include "host/test.h"
#include "host/unit_life.h"

using namespace jambox;
using namespace jambox::test;

namespace {

constexpr const char* kBatch = "POST /api/reading/batch ";
constexpr const char* kAny = "POST /api/reading";

// A unit whose queue has filled up while no connection could be made.
std::unique_ptr<UnitLife> with_backlog(int minutes) {
  auto life = new_life();
  life->start();
  life->run_minutes(7);
  life->down = true;
  run_with_probes(*life, minutes);
  return life;
}

int queue_of(UnitLife& life) {
  life.board.console.to_bench.clear();
  life.board.console.send(R"({"id":5,"cmd":"status"})");
  life.run(100);
  return std::stoi(json_field(life.board.console.to_bench, "queue"));
}

struct Drain {
  int requests;
  int seconds;  // from the first that arrived to the last
};

// Lets the network come back and waits until nothing is left.
Drain drain(UnitLife& life) {
  const int before = life.requests(kAny);
  const std::size_t stored = life.stored.size();
  life.down = false;
  while (life.stored.size() == stored) life.run(100);
  const std::int64_t began = life.true_unix_ms();
  while (queue_of(life) > 0) life.run(100);
  return {life.requests(kAny) - before, static_cast<int>((life.true_unix_ms() - began) / 1000)};
}

}  // namespace

TEST(a_full_queue_drains_in_nine_requests_instead_of_96) {
  const auto life = with_backlog(8 * 60 + 20);
  CHECK_EQ(queue_of(*life), 96);
  const Drain batches = drain(*life);
  CHECK_EQ(batches.requests, 9);  // one alone, which finds the backend there, and eight of twelve
  CHECK(batches.seconds <= 18);
  CHECK_EQ(life->requests(kBatch), 8);
  CHECK_EQ(life->stored_twice(), 0);
  check_one_chain(*life);

  const auto old = with_backlog(8 * 60 + 20);
  old->batch_status = 404;
  const Drain singles = drain(*old);
  CHECK_EQ(singles.requests, 97);  // and one that is not known there
  CHECK(singles.seconds >= 190);
  CHECK_EQ(old->stored.size(), life->stored.size());
}

TEST(a_batch_whose_answer_is_lost_is_stored_once) {
  const auto life = with_backlog(5 * 60);
  life->down = false;
  while (life->requests(kBatch) == 0) life->run(100);
  const std::size_t stored = life->stored.size();
  life->loses_answers = true;
  life->run_minutes(8);
  life->loses_answers = false;
  life->run_minutes(40);
  CHECK(life->stored.size() > stored);
  CHECK_EQ(life->stored_twice(), 0);
  CHECK_EQ(life->stored_impressions(), life->probes);
  check_one_chain(*life);
}

// Each answer that does not come halves what is tried at once; what gets through doubles it.
TEST(batches_become_smaller_where_they_do_not_get_through) {
  const auto life = with_backlog(6 * 60);
  const auto sizes = [&] {
    std::vector<int> found;
    for (const std::string& body : life->bodies("/api/reading/batch")) {
      int rows = 0;
      for (const char c : body) rows += c == '[' ? 1 : 0;
      found.push_back(rows - 1);
    }
    return found;
  };
  life->silent_for_more_than = 5;
  drain(*life);
  const std::vector<int> tried = sizes();
  CHECK(tried.size() >= 4);
  if (tried.size() < 4) return;
  CHECK_EQ(tried[0], 12);
  CHECK_EQ(tried[1], 6);
  CHECK_EQ(tried[2], 3);
  CHECK_EQ(tried[3], 6);
  CHECK_EQ(life->stored_twice(), 0);
  CHECK_EQ(life->stored_impressions(), life->probes);
}

TEST(a_reading_that_is_refused_in_a_batch_is_dropped_and_the_others_are_not) {
  const auto life = with_backlog(2 * 60);
  life->refused_seq = "9";
  life->board.console.to_bench.clear();
  life->down = false;
  life->run_minutes(20);
  CHECK(life->requests(kBatch) >= 2);
  CHECK(life->board.console.has(R"("ok":false,"status":400,)"));
  CHECK_EQ(queue_of(*life), 0);
  CHECK_EQ(life->stored_impressions() + 30, life->probes);  // six a minute, for five minutes
  check_one_chain(*life);
}

TEST(a_backend_without_batches_is_asked_for_them_once_a_day) {
  const auto life = new_life();
  life->batch_status = 404;
  life->start();
  for (int hour = 0; hour < 30; ++hour) {
    life->down = true;
    life->run_minutes(30);
    life->down = false;
    life->run_minutes(30);
  }
  CHECK_EQ(life->requests(kBatch), 2);
  CHECK_EQ(queue_of(*life), 0);
  CHECK_EQ(life->stored_twice(), 0);
  check_one_chain(*life);
}

TEST(a_batch_refused_as_a_whole_goes_one_by_one_and_nothing_is_lost) {
  for (const int status : {400, 413}) {
    const auto life = with_backlog(3 * 60);
    life->batch_status = status;
    drain(*life);
    CHECK_EQ(life->stored_impressions(), life->probes);
    check_one_chain(*life);
  }
}

TEST(a_backend_in_trouble_gets_single_readings_until_one_is_taken) {
  const auto life = with_backlog(3 * 60);
  life->down = false;
  life->reading_status = 503;
  life->run_minutes(60);
  CHECK_EQ(life->requests(kBatch), 0);
  life->reading_status = 201;
  life->run_minutes(20);
  CHECK(life->requests(kBatch) >= 3);
  CHECK_EQ(life->stored_impressions(), life->probes);
  check_one_chain(*life);
}

TEST(a_success_that_says_nothing_of_the_readings_is_none) {
  const auto life = with_backlog(60);
  life->batch_status = 200;
  drain(*life);
  CHECK_EQ(life->requests(kBatch), 1);
  CHECK_EQ(life->stored_impressions(), life->probes);
}

TEST(a_command_in_the_answer_to_a_batch_is_carried_out_once_and_acknowledged) {
  const auto life = with_backlog(4 * 60);
  life->down = false;
  while (life->requests(kBatch) == 0) life->run(100);
  life->command = "geolocate";
  life->command_id = "c0ffee00";
  life->run_minutes(2);
  int acks = 0;
  for (const std::string& body : life->bodies("/api/reading/batch")) {
    if (json_field(body, "ack") == "c0ffee00") ++acks;
  }
  CHECK_EQ(acks, 1);
  CHECK(life->command.empty());
  CHECK(life->board.console.has(R"("ev":"command")"));
}

TEST(readings_without_a_date_go_alone) {
  const auto life = new_life();
  life->sends_time = false;
  life->start();
  life->run_minutes(90);
  CHECK(life->bodies("/api/reading").size() >= 14);
  CHECK_EQ(life->requests(kBatch), 0);
  CHECK_EQ(life->stored_twice(), 0);
}

TEST(an_outage_in_the_middle_of_catching_up_loses_and_doubles_nothing) {
  const auto life = with_backlog(7 * 60);
  life->down = false;
  while (life->requests(kBatch) < 3) life->run(100);
  life->silent = true;
  life->run_minutes(30);
  life->silent = false;
  life->loses_answers = true;
  life->run_minutes(20);
  life->loses_answers = false;
  life->run_minutes(30);
  CHECK_EQ(queue_of(*life), 0);
  CHECK_EQ(life->stored_twice(), 0);
  CHECK_EQ(life->stored_impressions(), life->probes);
  check_one_chain(*life);
}
