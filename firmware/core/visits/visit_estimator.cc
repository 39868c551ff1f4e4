// Estimate of visits and occupancy, see visit_estimator.h.
#include "core/visits/visit_estimator.h"

#include "core/capture/frames.h"

namespace jambox {

namespace {

// Frames over which a track's strength is smoothed.
constexpr std::uint16_t kSmoothFrames = 12;
// Probabilities below this are not worth their work.
constexpr float kNegligible = 0.01f;
// People inside who are not heard near: fixed addresses, weak phones. Calibrated, docs/visits.md.
constexpr float kPeoplePerHeard = 1.1f;
constexpr float kVisitsMax = kCountMax;
// Person-seconds: far above what all tracks can spend in an hour, the longest period.
constexpr float kPersonSecondsMax = 1e9f;

float in_seconds(Millis ms) { return static_cast<float>(ms) / 1000; }

void add_bounded(float& sum, float amount, float limit = kPersonSecondsMax) {
  sum += amount;
  if (sum > limit) sum = limit;
}

// Whether `later` may be what the phone behind `earlier` went on as.
bool may_continue(const Track& earlier, const Track& later) {
  return earlier.address != 0 && earlier.model == later.model &&
         earlier.past != Track::Past::kUnknown && earlier.last_s10 < later.first_s10 &&
         earlier.unclaimed > kNegligible &&
         later.first_s10 - earlier.last_s10 <= tenths(VisitEstimator::kSilenceMs);
}

// A possible past of `track`, weighed.
struct Rival {
  float own;       // what `track` claims of it, against all else `track` may have been
  float disputed;  // the odds, reduced by the claims of others on the same past
};

Rival rival_of(const Track& earlier, const Track& track, const View& view) {
  const float odds = continuation_odds(earlier, track, view);
  const float least = newcomer_density(track, view);
  const float rest = track.claimed - odds;
  const float own = odds / (rest > least ? rest : least);
  const float others = earlier.claims - own;
  return {own, odds / (1 + (others > 0 ? others : 0))};
}

}  // namespace

void VisitEstimator::on_frame(const RadioFrame& frame, Millis now) {
  if (frame.kind != RadioFrame::Kind::kWifiManagement) return;
  const auto probe = parse_probe_request({frame.bytes, frame.size});
  if (!probe || !probe->randomised) return;
  now_s10_ = tenths(now);
  take(sighting_of(*probe, frame.rssi_dbm, now, salt_));
}

void VisitEstimator::take(const Sighting& sighting) {
  if (Track* known = tracks_.find(sighting.address)) {
    if (now_s10_ - known->last_s10 <= tenths(kForgetMs)) return hear_again(*known, sighting);
    drop(*known);  // due long ago, but no tick came
  }
  Track& track = tracks_.enter();
  track.address = sighting.address;
  track.model = sighting.model;
  track.first_s10 = track.last_s10 = now_s10_;
  track.first_sequence = track.last_sequence = sighting.sequence;
  track.frames = 1;
  track.rssi_dbm = sighting.rssi_dbm;
  Habits& habits = habits_.of(track.model, now_s10_);
  habits.bursts += 1;
  habits.addresses += 1;
}

void VisitEstimator::hear_again(Track& track, const Sighting& sighting) {
  const std::uint32_t gap_s10 = now_s10_ - track.last_s10;
  track.last_s10 = now_s10_;
  track.last_sequence = sighting.sequence;
  if (track.frames < kSmoothFrames) ++track.frames;
  track.rssi_dbm +=
      (static_cast<float>(sighting.rssi_dbm) - track.rssi_dbm) / static_cast<float>(track.frames);
  // Whoever was taken for its continuation was somebody else.
  track.unclaimed = 1;
  track.claims = 0;
  if (gap_s10 <= tenths(kBurstMs)) return;
  const float gap_s = static_cast<float>(gap_s10) / 10;
  Habits& habits = habits_.of(track.model, now_s10_);
  habits.add_gap(gap_s);
  habits.bursts += 1;
  if (track.rssi_dbm > near_dbm_) add_bounded(person_s_, gap_s);
  if (track.past == Track::Past::kSettled) count_if_visit(track);
}

bool VisitEstimator::tick(Millis now) {
  now_s10_ = tenths(now);
  weighed_ = 0;
  if (now_s10_ / 10 != second_) {
    second_ = now_s10_ / 10;
    is_due_ = true;
    for (Track& track : tracks_) {
      if (track.address == 0 || !track.is_new) continue;
      if (now_s10_ - track.first_s10 > tenths(kBurstMs)) appear(track);
    }
  }
  if (!is_due_) return false;
  for (std::size_t i = 0; i < kTracksPerTick && weighed_ < kWeighedPerTick; ++i) {
    is_due_ = decide_next();
    if (!is_due_) break;
  }
  // Only now: a track that waits may go on from one that has been silent for long.
  if (!is_due_) forget_silent();
  return is_due_;
}

// The earliest first: its continuations must find it settled. False when no track waits.
bool VisitEstimator::decide_next() {
  if (Track* due = earliest(Track::Past::kUnknown, kClaimMs)) return claim(*due), true;
  if (Track* due = earliest(Track::Past::kClaimed, kSettleMs)) return settle(*due), true;
  return false;
}

void VisitEstimator::forget_silent() {
  for (Track& track : tracks_) {
    if (track.address != 0 && now_s10_ - track.last_s10 > tenths(kForgetMs)) drop(track);
  }
  if (now_s10_ > tenths(kLongestStayMs)) habits_.forget_before(now_s10_ - tenths(kLongestStayMs));
}

// Whoever the address belongs to: it stands for the time that its own gaps will not show.
void VisitEstimator::appear(Track& track) {
  track.is_new = false;
  const Habits* habits = habits_.find(track.model);
  if (habits == nullptr || track.rssi_dbm <= near_dbm_) return;
  add_bounded(person_s_, habits->unseen_s());
}

Track* VisitEstimator::earliest(Track::Past past, Millis age_ms) {
  Track* due = nullptr;
  for (Track& track : tracks_) {
    if (track.address == 0 || track.past != past) continue;
    if (now_s10_ - track.first_s10 < tenths(age_ms)) continue;
    if (due == nullptr || track.first_s10 < due->first_s10) due = &track;
  }
  return due;
}

void VisitEstimator::claim(Track& track) {
  track.past = Track::Past::kClaimed;
  const View view = view_of(habits_.of(track.model, now_s10_));
  track.claimed = newcomer_density(track, view);
  for (const Track& earlier : tracks_) {
    if (!may_continue(earlier, track)) continue;
    track.claimed += continuation_odds(earlier, track, view);
    ++weighed_;
  }
  for (Track& earlier : tracks_) {
    if (!may_continue(earlier, track)) continue;
    earlier.claims += rival_of(earlier, track, view).own;
    ++weighed_;
  }
}

void VisitEstimator::drop(Track& track) {
  Habits* habits = habits_.find(track.model);
  if (habits != nullptr && track.past == Track::Past::kSettled) {
    const auto sort = static_cast<std::size_t>(view_of(*habits).sort_of(track));
    habits->continued[sort] += 1 - track.unclaimed;
    habits->left[sort] += track.unclaimed;
  }
  track = Track{};
}

void VisitEstimator::settle(Track& track) {
  track.past = Track::Past::kSettled;
  Habits& habits = habits_.of(track.model, now_s10_);
  inherit(track, habits);
  count_if_visit(track);
}

// Shares the track's past out among a newcomer's, which is empty, and those of silent tracks.
void VisitEstimator::inherit(Track& track, Habits& habits) {
  const Habits before = habits;
  const View view = view_of(before);
  const float newcomer = newcomer_density(track, view);
  float all = newcomer;
  for (const Track& earlier : tracks_) {
    if (!may_continue(earlier, track)) continue;
    all += rival_of(earlier, track, view).disputed;
    ++weighed_;
  }
  habits.newcomers[static_cast<std::size_t>(view.sort_of(track))] += newcomer / all;
  float uncounted = newcomer / all;
  float uncounted_s = 0;
  for (Track& earlier : tracks_) {
    if (!may_continue(earlier, track)) continue;
    const Rival rival = rival_of(earlier, track, view);
    ++weighed_;
    const float p = rival.disputed / all;
    earlier.claims = earlier.claims > rival.own ? earlier.claims - rival.own : 0;
    earlier.unclaimed = earlier.unclaimed > p ? earlier.unclaimed - p : 0;
    const float gap_s = static_cast<float>(track.first_s10 - earlier.last_s10) / 10;
    habits.add_link(p, is_lasting(track), in_sequence(earlier, track));
    const float age_s = earlier.age_s + earlier.span_s() + gap_s;
    if (is_visit(track, age_s)) {
      add_bounded(visits_, p * earlier.uncounted, kVisitsMax);
    } else {
      uncounted += p * earlier.uncounted;
      uncounted_s += p * earlier.uncounted * age_s;
    }
  }
  track.uncounted = uncounted;
  track.age_s = uncounted > kNegligible ? uncounted_s / uncounted : 0;
}

bool VisitEstimator::set_near_dbm(std::int8_t dbm) {
  if (dbm == -128 || dbm >= 0) return false;
  near_dbm_ = dbm;
  return true;
}

bool VisitEstimator::is_visit(const Track& track, float age_s) const {
  return age_s >= kVisitS && track.rssi_dbm > near_dbm_;
}

void VisitEstimator::count_if_visit(Track& track) {
  const float age_s = track.age_s + track.span_s();
  if (track.uncounted <= kNegligible || !is_visit(track, age_s)) return;
  add_bounded(visits_, track.uncounted, kVisitsMax);
  track.uncounted = 0;
  track.age_s = 0;
}

VisitEstimate VisitEstimator::close_period(Millis length_ms) {
  VisitEstimate estimate;
  const float whole = visits_ + 0.5f;
  estimate.visits = whole < kCountMax ? static_cast<std::uint32_t>(whole) : kCountMax;
  visits_ -= static_cast<float>(estimate.visits);
  const float person_s = kPeoplePerHeard * person_s_;
  person_s_ = 0;
  if (length_ms > 0) {
    const float tenfold = 10 * person_s / in_seconds(length_ms) + 0.5f;
    estimate.occupancy_x10 = tenfold < kCountMax ? static_cast<std::uint32_t>(tenfold) : kCountMax;
  }
  return estimate;
}

void VisitEstimator::forget() {
  tracks_.clear();
  habits_.clear();
}

}  // namespace jambox
