// The estimate of visits on phones of known ways, and its parts.
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "core/visits/visit_estimator.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

constexpr Millis kOneMinute = 60'000;

// Sends bursts of one phone to an estimator; time moves on by itself.
struct Scene {
  std::unique_ptr<VisitEstimator> visits = std::make_unique<VisitEstimator>();
  Millis now = 1000;

  Scene() { visits->start({1, 2}); }
  std::size_t most_weighed = 0;  // in one tick
  bool tick() {
    const bool waits = visits->tick(now);
    if (visits->weighed() > most_weighed) most_weighed = visits->weighed();
    return waits;
  }
  void step() { now += tick() ? VisitEstimator::kBacklogMs : 1000 - now % 1000; }
  void wait(Millis ms) {
    for (const Millis end = now + ms; now < end;) step();
  }
  void burst(std::uint32_t address, std::uint16_t sequence, std::int8_t rssi_dbm = -55) {
    RadioFrame frame = probe_frame(address, rssi_dbm);
    for (int i = 0; i < 2; ++i, ++sequence) {
      frame.bytes[22] = static_cast<std::uint8_t>(sequence << 4);
      frame.bytes[23] = static_cast<std::uint8_t>(sequence >> 4);
      visits->on_frame(frame, now);
    }
  }
  // Twenty bursts half a minute apart, a new address for each `bursts_per_address`.
  void stay(int bursts_per_address, std::int8_t rssi_dbm = -55) {
    for (int i = 0; i < 20; ++i) {
      const auto address = static_cast<std::uint32_t>(1 + i / bursts_per_address);
      burst(address, static_cast<std::uint16_t>(4090 + 6 * i), rssi_dbm);
      wait(30'000);
    }
    wait(10 * kOneMinute);
  }
};

}  // namespace

// Appendix A of the SipHash paper: key 00 01 … 0f, input 00 01 … 0e.
TEST(sip_hash_gives_the_published_value) {
  std::uint8_t input[15];
  for (std::uint8_t i = 0; i < 15; ++i) input[i] = i;
  const SipKey key{0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull};
  CHECK(SipHash(key).add(input).finish() == 0xa129ca6149be45e5ull);
  const std::span<const std::uint8_t> all(input);
  CHECK(SipHash(key).add(all.first(9)).add(all.subspan(9)).finish() == 0xa129ca6149be45e5ull);
}

TEST(a_kind_of_phone_is_told_apart_by_its_elements_and_the_salt) {
  const std::uint8_t one[] = {0, 0, 1, 1, 0x82, 3, 1, 1};
  const std::uint8_t named_on_6[] = {0, 2, 'a', 'b', 1, 1, 0x82, 3, 1, 6};
  const std::uint8_t other[] = {0, 0, 1, 1, 0x84, 3, 1, 1};
  const auto model = [](std::span<const std::uint8_t> elements, std::uint64_t salt) {
    return sighting_of({1, true, 0, elements}, -50, 0, {salt, 0}).model;
  };
  CHECK_EQ(model(one, 1), model(named_on_6, 1));
  CHECK(model(one, 1) != model(other, 1));
  CHECK(model(one, 1) != model(one, 2));
}

using Elements = std::vector<std::uint8_t>;
std::uint32_t kind_of(std::initializer_list<Elements> elements) {
  Elements all;
  for (const Elements& one : elements) all.insert(all.end(), one.begin(), one.end());
  return sighting_of({1, true, 0, all}, -50, 0, {1, 2}).model;
}
const Elements kRates = {1, 4, 2, 4, 11, 22};
const Elements kHt = {45, 3, 0x2d, 0x40, 0x1b};

// Each pair differs in what tells one phone, one network or one channel from another.
TEST(names_ids_counters_and_channels_do_not_make_a_kind) {
  const std::pair<Elements, Elements> pairs[] = {
      {{0, 2, 'a', 'b'}, {0, 3, 'c', 'a', 'f'}},                          // SSID
      {{3, 1, 1}, {3, 1, 13}},                                            // DS Parameter Set
      {{84, 6, 0, 4, 'h', 'o', 'm', 'e'}, {84, 5, 0, 3, 'c', 'a', 'f'}},  // SSID List
      {{255, 5, 58, 1, 2, 3, 4}, {255, 9, 58, 1, 2, 3, 4, 5, 6, 7, 8}},   // Short SSID List
      {{114, 1, 'm'}, {114, 3, 'o', 'u', 'r'}},                           // Mesh ID
      {{107, 7, 0, 1, 2, 3, 4, 5, 6}, {107, 7, 0, 9, 9, 9, 9, 9, 9}},     // Interworking: HESSID
      {{221, 10, 0, 0x50, 0xf2, 4, 0x10, 0x47, 0, 2, 1, 2},
       {221, 12, 0, 0x50, 0xf2, 4, 0x10, 0x47, 0, 4, 9, 9, 9, 9}},  // WPS: UUID-E, name, serial
      {{221, 6, 0x50, 0x6f, 0x9a, 9, 1, 1}, {221, 6, 0x50, 0x6f, 0x9a, 9, 1, 6}},  // P2P: channel
      {{221, 6, 0, 0x17, 0xf2, 10, 0, 1}, {221, 6, 0, 0x17, 0xf2, 10, 0, 2}},      // of a vendor
      {{59, 2, 81, 115}, {59, 2, 82, 115}},      // the operating class now
      {{255, 3, 13, 1, 2}, {255, 3, 13, 3, 4}},  // FILS Nonce
  };
  for (const auto& [one, other] : pairs) {
    CHECK_EQ(kind_of({kRates, one, kHt}), kind_of({kRates, other, kHt}));
  }
}

// What a phone leaves out while it looks for nothing, or where the channel is told otherwise.
TEST(a_name_that_is_not_there_is_no_other_kind) {
  const std::uint32_t kind = kind_of({kRates, kHt});
  CHECK_EQ(kind, kind_of({{0, 0}, kRates, {3, 1, 6}, kHt}));
  CHECK_EQ(kind, kind_of({{0, 1, 'x'}, kRates, kHt, {84, 3, 0, 1, 'y'}}));
  CHECK_EQ(kind, kind_of({kRates, kHt, {255, 5, 58, 1, 2, 3, 4}}));
}

TEST(abilities_their_order_and_vendors_make_a_kind) {
  const std::uint32_t kind = kind_of({kRates, kHt});
  CHECK(kind != kind_of({kHt, kRates}));
  CHECK(kind != kind_of({kRates, {45, 3, 0x2d, 0x40, 0x1f}}));
  CHECK(kind != kind_of({kRates, kHt, {127, 1, 4}}));
  CHECK(kind != kind_of({kRates, kHt, {221, 4, 0, 0x50, 0xf2, 8}}));
  CHECK(kind_of({{221, 4, 0, 0x50, 0xf2, 8}}) != kind_of({{221, 4, 0, 0x90, 0x4c, 4}}));
  CHECK(kind_of({{255, 3, 35, 1, 2}}) != kind_of({{255, 3, 35, 1, 3}}));
  // elements of no length, or of an extension without its id, are no reason to stop
  CHECK(kind_of({{221, 0}, {255, 0}, kHt}) != kind_of({{221, 0}, {255, 0}}));
}

TEST(one_phone_with_one_address_is_one_visit_of_its_length) {
  Scene scene;
  scene.stay(20);
  const VisitEstimate estimate = scene.visits->close_period(10 * kOneMinute);
  CHECK_EQ(estimate.visits, 1u);
  CHECK(estimate.occupancy_x10 >= 9 && estimate.occupancy_x10 <= 12);
}

TEST(one_phone_with_ten_addresses_is_one_visit_when_its_number_goes_on) {
  Scene scene;
  scene.stay(2);
  const VisitEstimate estimate = scene.visits->close_period(20 * kOneMinute);
  CHECK(estimate.visits >= 1 && estimate.visits <= 2);
  // Half of its gaps are unseen, and ten seen ones weigh little against what is assumed.
  CHECK(estimate.occupancy_x10 >= 4 && estimate.occupancy_x10 <= 9);
}

TEST(an_address_heard_again_after_a_stall_was_not_there_meanwhile) {
  Scene scene;
  scene.burst(1, 7);
  scene.now += 60 * kOneMinute;  // without a tick
  scene.burst(1, 9);
  scene.wait(10 * kOneMinute);
  CHECK(scene.visits->close_period(10 * kOneMinute).occupancy_x10 <= 2);
}

TEST(occupancy_of_a_new_address_each_burst_is_that_of_the_bursts) {
  Scene scene;
  scene.stay(1);
  const VisitEstimate estimate = scene.visits->close_period(10 * kOneMinute);
  // Nothing shows how often it probes: the assumed 42 s a burst instead of its 30, and a bit more.
  CHECK(estimate.occupancy_x10 >= 10 && estimate.occupancy_x10 <= 18);
}

TEST(a_period_has_the_occupancy_of_its_own_time) {
  Scene scene;
  for (int i = 0; i < 20; ++i) scene.burst(1, static_cast<std::uint16_t>(i)), scene.wait(30'000);
  const VisitEstimate during = scene.visits->close_period(10 * kOneMinute);
  CHECK(during.occupancy_x10 >= 9 && during.occupancy_x10 <= 13);
  scene.wait(10 * kOneMinute);
  CHECK_EQ(scene.visits->close_period(10 * kOneMinute).occupancy_x10, 0u);
}

TEST(who_stays_far_or_is_heard_once_is_no_visit) {
  Scene far;
  far.stay(20, -75);
  const VisitEstimate none = far.visits->close_period(10 * kOneMinute);
  CHECK_EQ(none.visits, 0u);
  CHECK_EQ(none.occupancy_x10, 0u);
  Scene once;
  once.burst(1, 7);
  once.wait(10 * kOneMinute);
  const VisitEstimate estimate = once.visits->close_period(10 * kOneMinute);
  CHECK_EQ(estimate.visits, 0u);
  CHECK_EQ(estimate.occupancy_x10, 1u);  // some 40 s of ten minutes
}

TEST(the_near_threshold_can_be_set_and_says_who_visits) {
  Scene scene;
  CHECK(scene.visits->set_near_dbm(-80));
  CHECK(!scene.visits->set_near_dbm(0));
  CHECK(!scene.visits->set_near_dbm(-128));
  scene.stay(20, -75);
  CHECK_EQ(scene.visits->close_period(10 * kOneMinute).visits, 1u);
}

TEST(fixed_addresses_are_not_looked_at_and_cut_frames_are) {
  for (const bool is_fixed : {true, false}) {
    Scene scene;
    RadioFrame frame = probe_frame(1, -50, !is_fixed);
    --frame.size;
    for (int i = 0; i < 20; ++i) {
      scene.visits->on_frame(frame, scene.now);
      scene.wait(30'000);
    }
    CHECK_EQ(scene.visits->close_period(10 * kOneMinute).visits, is_fixed ? 0u : 1u);
  }
}

TEST(forgetting_leaves_nothing_to_count_later) {
  Scene scene;
  for (int i = 0; i < 3; ++i) scene.burst(1, static_cast<std::uint16_t>(i)), scene.wait(30'000);
  scene.visits->forget();
  scene.wait(10 * kOneMinute);
  CHECK_EQ(scene.visits->close_period(kOneMinute).visits, 0u);
}

TEST(more_addresses_than_there_is_room_for_are_survived) {
  Scene scene;
  FakeSystem random;
  for (std::uint32_t i = 0; i < 4000; ++i) {
    scene.burst(1 + (random.random() >> 10), static_cast<std::uint16_t>(random.random() >> 20));
    if (i % 8 == 0) scene.wait(1000);
  }
  const VisitEstimate estimate = scene.visits->close_period(500'000);
  CHECK(estimate.occupancy_x10 <= 10 * VisitEstimator::kTracks);
  CHECK_EQ(scene.visits->close_period(0).occupancy_x10, 0u);
}

// Each has hundreds of pasts to weigh, and all are due within the same second.
TEST(a_flood_of_addresses_costs_no_tick_more_than_its_bound) {
  Scene scene;
  for (std::uint32_t i = 0; i < VisitEstimator::kTracks; ++i) {
    if (i % 64 == 63) scene.now += 100;
    scene.visits->on_frame(probe_frame(1 + i, -55), scene.now);
  }
  scene.wait(VisitEstimator::kSettleMs);
  CHECK(scene.tick());  // they wait
  scene.wait(2 * VisitEstimator::kTracks * VisitEstimator::kBacklogMs);
  CHECK(!scene.tick());
  CHECK(scene.most_weighed > VisitEstimator::kWeighedPerTick);
  CHECK(scene.most_weighed <= VisitEstimator::kWeighedMax);
}

// Nobody has a past to weigh here: the number of tracks is the bound.
TEST(a_period_that_ends_while_tracks_wait_neither_loses_nor_repeats_a_visit) {
  Scene scene;
  for (int round = 0; round < 5; ++round) {
    for (std::uint32_t phone = 1; phone <= 300; ++phone) scene.burst(phone, 7);
    if (round < 4) scene.wait(30'000);
  }
  CHECK(scene.tick());
  const std::uint32_t first = scene.visits->close_period(kOneMinute).visits;
  CHECK_EQ(first, VisitEstimator::kTracksPerTick);
  CHECK(scene.tick());
  scene.wait(1000);
  CHECK(!scene.tick());
  CHECK_EQ(scene.visits->close_period(kOneMinute).visits, 300u - first);
}

TEST(frames_that_come_with_every_tick_do_not_keep_the_estimate_from_its_work) {
  Scene scene;
  for (int tick = 0; tick < 3000; ++tick, scene.now += 100) {
    scene.visits->on_frame(probe_frame(2, -90), scene.now);
    if (tick % 300 == 0) scene.burst(1, static_cast<std::uint16_t>(tick));
    scene.tick();
  }
  CHECK_EQ(scene.visits->close_period(5 * kOneMinute).visits, 1u);
}
