// The reading journal: survives power cuts at every byte, restarts, failing and worn flash.
#include <memory>
#include <vector>

#include "core/base/crc.h"
#include "core/reading/reading_queue.h"
#include "host/fake_ports.h"
#include "host/test.h"

// Its own name, not an unnamed one: all tests are compiled as one file.
namespace jambox::journal_test {

using namespace jambox::test;

constexpr std::uint32_t kSectors = 3;
constexpr std::uint32_t kCapacity = 12;
constexpr std::uint32_t kOwner = 0xABCD1234;
constexpr std::int64_t kNoon = 1769688000;

Reading reading_of(std::uint32_t seq, bool dated = true) {
  Reading reading;
  reading.seq = seq;
  reading.start = seq * 300000ull;
  reading.end = reading.start + 300000;
  reading.start_unix_s = dated ? kNoon + seq * 300 : 0;
  Counts& c = reading.counts;
  c.impressions = seq * 7919 % kCountMax;
  c.device_minutes = kCountMax;
  for (std::uint32_t i = 0; i < 4; ++i) c.zones[i] = seq + i, c.stays[i] = 77 + i;
  c.rejected_static = 11;
  c.overflow = seq % 3;
  c.ble_impressions = 1301;
  c.ble_device_minutes = 13;
  c.ble_apple = 8;
  c.ble_other = 5;
  c.visits = seq % 7;
  c.occupancy_x10 = seq % 250;
  c.probe_rssi.add(-90);
  c.probe_rssi.add(-41);
  c.ble_rssi.add(-77);
  return reading;
}

// One start of the unit on `flash`.
struct Start {
  ReadingJournal journal;
  ReadingQueue queue;
  explicit Start(Flash& flash, std::uint32_t sectors = kSectors, std::uint32_t capacity = kCapacity,
                 std::uint32_t owner = kOwner)
      : journal(flash, sectors), queue(capacity) {
    queue.open(journal, owner);
  }
  std::vector<Reading> take() {
    std::vector<Reading> all;
    for (; !queue.empty(); queue.pop_front()) all.push_back(queue.front());
    return all;
  }
};

std::unique_ptr<Start> start(Flash& flash) { return std::make_unique<Start>(flash); }

// Flash that notes what is done to it, so that a run can be repeated up to any byte.
struct NotingFlash final : Flash {
  struct Op {
    std::uint32_t offset;
    std::vector<std::uint8_t> data;  // empty: an erased sector
    std::size_t step;
  };
  FakeFlash inner{kSectors * 4096};
  std::vector<Op> ops;
  std::size_t step = 0;
  bool read(std::uint32_t offset, void* data, std::uint32_t size) override {
    return inner.read(offset, data, size);
  }
  bool write(std::uint32_t offset, const void* data, std::uint32_t size) override {
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    ops.push_back({offset, {bytes, bytes + size}, step});
    return inner.write(offset, data, size);
  }
  bool erase(std::uint32_t offset, std::uint32_t size) override {
    ops.push_back({offset, {}, step});
    return inner.erase(offset, size);
  }
};

// What must be waiting after a step.
struct Model {
  std::vector<Reading> waiting;
  std::uint32_t dropped = 0;
};

// In all that counting made it. What the queue notes of its sending and its start may have come
// since: the tests below check dates and attempts by themselves.
bool same(Reading a, const Reading& b) {
  a.start_unix_s = b.start_unix_s;
  a.sent_before = b.sent_before;
  a.boot = b.boot;
  return a == b;
}

bool matches(std::vector<Reading> found, std::uint32_t dropped, const Model& model) {
  if (found.size() != model.waiting.size() || dropped != model.dropped) return false;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!same(found[i], model.waiting[i])) return false;
  }
  return true;
}

// A random life: readings come, are sent, wait, are dropped; the unit restarts now and then.
struct Life {
  NotingFlash flash;
  std::vector<Model> after{{}};  // [step]: the state once step has ended

  explicit Life(std::uint32_t steps) {
    FakeSystem random;
    auto unit = start(flash);
    Model model;
    WallClock clock;
    clock.sync(kNoon * 1000, 0);
    for (std::uint32_t seq = 1; flash.step < steps;) {
      ++flash.step;
      const std::uint32_t dice = (random.random() >> 8) % 100;
      if (dice < 58) {
        push(*unit, model, reading_of(seq, seq % 5 != 0));
        ++seq;
      } else if (dice < 90 && !unit->queue.empty()) {
        unit->queue.note_attempt();
        unit->queue.pop_front();
        model.waiting.erase(model.waiting.begin());
      } else if (dice < 95) {
        unit->queue.date(clock);
      } else {
        unit = start(flash);
      }
      after.push_back(model);
    }
  }
  static void push(Start& unit, Model& model, const Reading& reading) {
    unit.queue.push(reading);
    model.waiting.push_back(reading);
    if (model.waiting.size() <= kCapacity) return;
    model.waiting.erase(model.waiting.begin());
    ++model.dropped;
  }
};

// After a cut the unit must work as one that never had any, even when cut again.
void check_that_it_goes_on(const FakeFlash& cut, std::uint32_t second_cut) {
  FakeFlash flash = cut;
  {
    const auto unit = start(flash);
    flash.bytes_until_cut = second_cut;
    unit->queue.push(reading_of(9000));
  }
  flash.bytes_until_cut = ~0ull;
  const auto unit = start(flash);
  const std::uint32_t before = unit->queue.size();
  for (std::uint32_t seq = 9001; seq <= 9040; ++seq) unit->queue.push(reading_of(seq));
  CHECK(before <= kCapacity);
  const auto again = start(flash);
  CHECK_EQ(again->queue.dropped(), unit->queue.dropped());
  const auto found = again->take();
  CHECK_EQ(found.size(), kCapacity);
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(same(found[i], reading_of(9040 - kCapacity + 1 + static_cast<std::uint32_t>(i))));
  }
  CHECK(start(flash)->queue.empty());
}

TEST(readings_survive_a_power_cut_at_every_byte) {
  const Life life(230);
  FakeFlash flash(kSectors * 4096);
  std::uint32_t cuts = 0;
  std::uint32_t erases = 0;
  const auto check_cut = [&](std::size_t step) {
    ++cuts;
    FakeFlash copy = flash;
    const auto unit = start(copy);
    const std::uint32_t dropped = unit->queue.dropped();
    std::vector<Reading> found = unit->take();
    const bool good =
        matches(found, dropped, life.after[step - 1]) || matches(found, dropped, life.after[step]);
    CHECK(good);
    for (const Reading& reading : found) {
      const std::int64_t start_unix_s = kNoon + reading.seq * 300;
      // What had no date when it was stored may have got one since, by an estimate.
      CHECK(reading.start_unix_s == start_unix_s || reading.seq % 5 == 0);
    }
    if (cuts % 97 == 0) check_that_it_goes_on(flash, cuts % 200);
  };
  for (const auto& op : life.flash.ops) {
    const bool erase = op.data.empty();
    erases += erase ? 1 : 0;
    for (std::uint32_t i = 0; i < (erase ? 4096 : op.data.size()); ++i) {
      std::uint8_t& byte = flash.bytes[op.offset + i];
      const std::uint8_t now = erase ? 0xFF : byte & op.data[i];
      if (now == byte) continue;  // the same flash as a byte before
      check_cut(op.step);
      byte = now;
    }
    check_cut(op.step);
  }
  CHECK(flash.bytes == life.flash.inner.bytes);
  CHECK(erases > kSectors + 1);  // it went round
  CHECK(cuts > 15000);
  CHECK(life.after.back().dropped > 0);
}

TEST(readings_wait_over_restarts_oldest_first) {
  FakeFlash flash;
  for (std::uint32_t boot = 0; boot < 20; ++boot) {
    const auto unit = std::make_unique<Start>(flash, ReadingJournal::kSectors, 96);
    for (std::uint32_t i = 1; i <= 4; ++i) unit->queue.push(reading_of(boot * 4 + i));
    CHECK_EQ(unit->queue.size(), boot * 4 + 4);
  }
  const auto unit = std::make_unique<Start>(flash, ReadingJournal::kSectors, 96);
  CHECK_EQ(unit->queue.seq_max(), 80u);
  const auto all = unit->take();
  CHECK_EQ(all.size(), 80u);
  for (std::uint32_t i = 0; i < 80; ++i) CHECK(same(all[i], reading_of(i + 1)));
}

TEST(readings_of_another_unit_are_left_alone) {
  FakeFlash flash;
  start(flash)->queue.push(reading_of(5));
  Start other(flash, kSectors, kCapacity, kOwner + 1);
  CHECK(other.queue.empty());
  CHECK_EQ(other.queue.seq_max(), 5u);
}

TEST(a_failing_flash_costs_no_reading_of_this_boot) {
  FakeFlash flash;
  flash.fails = true;
  const auto unit = start(flash);
  for (std::uint32_t seq = 1; seq <= 5; ++seq) unit->queue.push(reading_of(seq));
  CHECK_EQ(unit->queue.size(), 5u);
  flash.fails = false;
  unit->queue.push(reading_of(6));  // stores the others too
  CHECK_EQ(start(flash)->queue.size(), 6u);
  CHECK_EQ(unit->take().size(), 6u);
}

TEST(a_worn_place_is_passed_over) {
  FakeFlash flash;
  const auto unit = start(flash);
  unit->queue.push(reading_of(1));
  flash.bytes[2 * 128 + 40] = 0;  // bits of the next place that cannot be ones any more
  unit->queue.push(reading_of(2));
  unit->queue.push(reading_of(3));
  const auto all = start(flash)->take();
  CHECK_EQ(all.size(), 3u);
  CHECK(all.size() == 3 && same(all[1], reading_of(2)));
}

// Every append torn: the ring goes round over readings that still wait.
TEST(many_torn_entries_push_no_waiting_reading_out) {
  FakeFlash flash(kSectors * 4096);
  start(flash)->queue.push(reading_of(1));
  for (std::uint32_t i = 0; i < 300; ++i) {
    const auto unit = start(flash);
    CHECK_EQ(unit->queue.size(), 1u);
    if (unit->journal.sector_to_erase() >= 0) {
      unit->queue.push(reading_of(2));
      const auto again = start(flash);
      CHECK_EQ(again->queue.size(), 2u);
      again->queue.pop_front();
      again->queue.push(reading_of(1));
      again->queue.pop_front();
      continue;
    }
    flash.bytes_until_cut = 50;
    unit->queue.push(reading_of(2));
    flash.bytes_until_cut = ~0ull;
  }
}

TEST(a_start_learnt_later_is_kept_and_an_attempted_one_never_changes) {
  FakeFlash flash;
  {
    const auto unit = start(flash);
    unit->queue.push(reading_of(1, false));
    unit->queue.push(reading_of(2, false));
    unit->queue.note_attempt();  // goes out without a date
    WallClock clock;
    clock.sync(kNoon * 1000, 0);
    unit->queue.date(clock);
  }
  WallClock clock;
  clock.sync(kNoon * 1000 + 999000, 5);
  const auto unit = start(flash);
  unit->queue.date(clock);
  const auto all = unit->take();
  CHECK_EQ(all[0].start_unix_s, 0);
  CHECK(all[0].sent_before);
  CHECK_EQ(all[1].start_unix_s, kNoon + 600);
}

TEST(age_is_right_across_restarts) {
  FakeFlash flash;
  start(flash)->queue.push(reading_of(1));
  {
    const auto unit = start(flash);
    CHECK_EQ(unit->queue.age_s(0, 5000, (kNoon + 600 + 42) * 1000), 42);
    CHECK_EQ(unit->queue.age_s(0, 5000, 0), 5);  // no clock: at least this boot
    unit->queue.pop_front();
    unit->queue.push(reading_of(2, false));
    unit->queue.push(reading_of(4, false));
    CHECK_EQ(unit->queue.age_s(0, 1000000, 0), 100);
  }
  const auto unit = start(flash);
  CHECK_EQ(unit->queue.age_s(0, 7000, kNoon * 1000), 607);  // two periods later, and 7 s
}

TEST(dropped_readings_are_counted_over_restarts) {
  FakeFlash flash;
  for (std::uint32_t seq = 1; seq <= 30; ++seq) start(flash)->queue.push(reading_of(seq));
  const auto unit = start(flash);
  CHECK_EQ(unit->queue.size(), kCapacity);
  CHECK_EQ(unit->queue.dropped(), 30u - kCapacity);
  CHECK_EQ(unit->queue.front().seq, 30 - kCapacity + 1);
}

TEST(checksums_have_their_published_check_values) {
  CHECK_EQ(crc32("123456789", 9), 0xCBF43926u);
  CHECK_EQ(crc32("6789", 4, crc32("12345", 5)), 0xCBF43926u);
  CHECK_EQ(crc16_ccitt_false("123456789", 9), 0x29B1);
}

// As the first journal wrote them: no flag, zeros for what it did not know.
TEST(an_entry_of_before_the_estimate_of_visits_is_read_and_sent_without) {
  Reading old = reading_of(3);
  old.has_visits = false;
  old.counts.visits = old.counts.occupancy_x10 = 0;
  std::uint8_t body[kReadingBodyBytes];
  encode_reading(old, {kOwner, 4}, body);
  CHECK_EQ(body[3], 0);
  for (std::size_t at = 84; at < 90; ++at) CHECK_EQ(body[at], 0);
  const auto entry = decode_reading(body);
  CHECK(entry.has_value());
  if (!entry) return;
  CHECK(same(entry->reading, old));
  FixedText<kReadingJsonMax> json;
  add_reading_json(json, entry->reading, {});
  CHECK(!contains(json.view(), "vis") && !contains(json.view(), "occ"));
  old.has_visits = true;
  encode_reading(old, {kOwner, 4}, body);
  CHECK(decode_reading(body)->reading.has_visits);
}

TEST(a_damaged_entry_is_no_reading) {
  std::uint8_t good[kReadingBodyBytes];
  encode_reading(reading_of(3), {kOwner, 4}, good);
  CHECK(decode_reading(good).has_value());
  for (std::size_t at = 0; at < sizeof good; ++at) {
    std::uint8_t bad[sizeof good];
    std::copy(good, good + sizeof good, bad);
    bad[at] ^= 0x10;
    CHECK(!decode_reading(bad).has_value());
  }
}

namespace {

// A reading without a date, of the running boot.
Reading undated(std::uint32_t seq, Millis start_ms, Millis end_ms) {
  Reading reading = reading_of(seq, false);
  reading.start = start_ms;
  reading.end = end_ms;
  return reading;
}

// Two boots that never had a clock.
void live_without_a_clock(Flash& flash) {
  start(flash)->queue.push(undated(1, 0, 300'000));
  const auto unit = start(flash);
  unit->queue.push(undated(2, 0, 300'000));
  unit->queue.push(undated(3, 300'000, 301'000));
  unit->queue.push(undated(4, 301'000, 600'000));
}

std::vector<std::int64_t> dates_after_sync(Flash& flash, std::int64_t boot_unix_ms) {
  const auto unit = start(flash);
  WallClock clock;
  clock.sync(boot_unix_ms, 0);
  unit->queue.push(undated(5, 0, 300'000));
  unit->queue.date(clock);
  std::vector<std::int64_t> dates;
  for (const Reading& reading : unit->take()) dates.push_back(reading.start_unix_s - kNoon);
  return dates;
}

}  // namespace

TEST(readings_of_boots_without_a_clock_get_the_latest_dates_they_can_have) {
  FakeFlash flash(kSectors * 4096);
  live_without_a_clock(flash);
  const std::vector<std::int64_t> wanted = {-900, -600, -300, -299, 0};
  CHECK(dates_after_sync(flash, kNoon * 1000) == wanted);
}

TEST(a_date_once_given_stays_over_every_restart) {
  FakeFlash flash(kSectors * 4096);
  live_without_a_clock(flash);
  {
    const auto unit = start(flash);
    WallClock clock;
    clock.sync(kNoon * 1000, 0);
    unit->queue.date(clock);
  }
  const std::vector<std::int64_t> wanted = {-900, -600, -300, -299, 86400};
  CHECK(dates_after_sync(flash, (kNoon + 86400) * 1000) == wanted);
}

// Power cut at every byte while dates are written: afterwards each reading is there once, in order,
// and the date it then gets no longer changes, whatever the clock says at a later start.
TEST(dates_are_unique_and_final_after_a_power_cut_at_every_byte) {
  FakeFlash before(kSectors * 4096);
  live_without_a_clock(before);
  int cuts = 0;
  for (std::uint64_t cut = 0; cut < 400; ++cut, ++cuts) {
    FakeFlash flash = before;
    WallClock clock;
    clock.sync(kNoon * 1000, 0);
    {
      const auto unit = start(flash);
      flash.bytes_until_cut = cut;
      unit->queue.date(clock);
      if (!flash.cut()) break;
    }
    flash.bytes_until_cut = ~0ull;
    const auto unit = start(flash);
    unit->queue.date(clock);
    FakeFlash later = flash;
    const std::vector<Reading> sent = unit->take();  // from now on they may be sent
    const std::vector<Reading> again = start(later)->take();
    CHECK_EQ(sent.size(), 4u);
    CHECK_EQ(again.size(), 4u);
    if (sent.size() != again.size()) continue;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      CHECK_EQ(sent[i].seq, i + 1);
      CHECK_EQ(again[i].start_unix_s, sent[i].start_unix_s);
      CHECK(sent[i].start_unix_s > (i == 0 ? kNoon - 86400 : sent[i - 1].start_unix_s));
    }
  }
  CHECK(cuts > 20 && cuts < 400);
}

}  // namespace jambox::journal_test
