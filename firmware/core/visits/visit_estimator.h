// Estimates visits begun and mean occupancy from probe requests, although phones change their
// random address: docs/visits.md. Links addresses by probability, never for certain. Knows no
// period length, no sending. Keeps an address, salted and hashed, for minutes; a kind of phone for
// an hour.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/units.h"
#include "core/ports/radio.h"
#include "core/visits/habits.h"
#include "core/visits/link_weight.h"
#include "core/visits/sighting.h"
#include "core/visits/track.h"

namespace jambox {

struct VisitEstimate {
  std::uint32_t visits = 0;
  std::uint32_t occupancy_x10 = 0;
};

class VisitEstimator {
 public:
  // `salt`: random bits of this boot. Without it the estimate works, but hashes can be guessed.
  void start(const SipKey& salt) { salt_ = salt; }
  void on_frame(const RadioFrame& frame, Millis now);
  // To be called at least every few seconds; looks for work once a second and does a bounded part
  // of it. True: more of it waits, call again in kBacklogMs.
  bool tick(Millis now);
  // Possible pasts weighed in the last tick, for tests.
  std::size_t weighed() const { return weighed_; }
  // Ends a period of `length_ms`. Fractions of visits go on into the next.
  VisitEstimate close_period(Millis length_ms);
  // Forgets everybody and every habit, as at midnight. What was counted stays counted.
  void forget();
  // The zones' near threshold, -127 … -1 dBm; from now on, for who is not counted yet. False, and
  // nothing changes, outside that.
  bool set_near_dbm(std::int8_t dbm);

  // Some 90 addresses a minute (sixty phones with a new one each burst) within kForgetMs.
  static constexpr std::size_t kTracks = 640;
  // A pause within a burst of probe requests is shorter, one between bursts longer.
  static constexpr Millis kBurstMs = 2'000;
  // An address's past is decided on so long after it appeared: by then a phone that still uses the
  // old one has mostly been heard again.
  static constexpr Millis kSettleMs = 120'000;
  // Before, it lays claim to the pasts it may have, so that others know of the competition.
  static constexpr Millis kClaimMs = 60'000;
  // A phone is not linked across a longer silence.
  static constexpr Millis kSilenceMs = 240'000;
  static constexpr Millis kForgetMs = kSettleMs + kSilenceMs;
  // Bounds of one tick, because anybody can send many addresses within a second: tracks decided
  // on, and pasts weighed after which no further track is begun. One track weighs every other at
  // most twice. A past takes five exponentials.
  static constexpr std::size_t kTracksPerTick = 8;
  static constexpr std::size_t kWeighedPerTick = 512;
  static constexpr std::size_t kWeighedMax = kWeighedPerTick - 1 + 2 * (kTracks - 1);
  // A track waits for a decision twice in its life, so even a full table is done within
  // 2 * kTracks * kBacklogMs, half a minute; the tracks that come after are not due before that.
  static constexpr Millis kBacklogMs = 20;
  static_assert(2 * kTracks * kBacklogMs < kClaimMs);
  // Longest stay: kinds of phones not heard for so long are forgotten.
  static constexpr Millis kLongestStayMs = 3'600'000;
  // Heard over so long a time near by, a phone is on a visit: with bursts half a minute apart, who
  // is heard for this long has on average stayed the minute that makes a visit.
  static constexpr float kVisitS = 30;

  // Budgets, docs/memory.md.
  static constexpr std::size_t kTrackTableBytes = 30'720;
  static constexpr std::size_t kHabitTableBytes = 4'608;
  static_assert(sizeof(TrackTable<kTracks>) <= kTrackTableBytes);
  static_assert(sizeof(HabitTable) <= kHabitTableBytes);

 private:
  friend struct VisitsAccess;  // tests begin near the limits

  void take(const Sighting& sighting);
  void hear_again(Track& track, const Sighting& sighting);
  Track* earliest(Track::Past past, Millis age_ms);
  bool decide_next();
  void forget_silent();
  void appear(Track& track);
  void claim(Track& track);
  void settle(Track& track);
  View view_of(const Habits& habits) const { return {habits, near_dbm_, now_s10_}; }
  // Learns from a track that fell silent for good, and frees it.
  void drop(Track& track);
  void inherit(Track& track, Habits& habits);
  bool is_visit(const Track& track, float age_s) const;
  void count_if_visit(Track& track);

  SipKey salt_;
  float near_dbm_ = -65;
  std::uint32_t now_s10_ = 0;
  std::uint32_t second_ = 0;  // in which work was last looked for
  std::size_t weighed_ = 0;
  bool is_due_ = false;
  float visits_ = 0;
  float person_s_ = 0;  // time spent near in this period
  HabitTable habits_;
  TrackTable<kTracks> tracks_;
};

}  // namespace jambox
