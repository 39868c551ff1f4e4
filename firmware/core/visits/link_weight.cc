// Densities for linking, see link_weight.h.
#include "core/visits/link_weight.h"

#include <cmath>

namespace jambox {

namespace {

constexpr unsigned kSequenceNumbers = 4096;
constexpr unsigned kSequenceStepMax = 64;
// Most steps stay within one burst's frames on three channels.
constexpr unsigned kSequenceStepNear = 16;
constexpr float kSequenceNearShare = 0.7f;

// Newcomers arrive anywhere within a range of strengths, the near ones as the far ones.
constexpr float kRssiRangeDb = 28;
// Heard for so long, an address is a lasting one: passers-by are gone.
constexpr float kLastingS = 30;
// Between two means of few frames each, of somebody who wanders about.
constexpr float kRssiDeviationDb = 4.5f;
constexpr float kRssiOutliers = 0.05f;

// Screens make bursts frequent or rare: a mixture of two exponentials with the mean of both.
float gap_density(float gap_s, float mean_s) {
  const float often = 0.5f * mean_s;
  const float rarely = 2 * mean_s;
  return 0.67f / often * std::exp(-gap_s / often) + 0.33f / rarely * std::exp(-gap_s / rarely);
}

// Probability that a phone that goes on has not been heard again after so long.
float gap_survival(float gap_s, float mean_s) {
  return 0.67f * std::exp(-gap_s / (0.5f * mean_s)) + 0.33f * std::exp(-gap_s / (2 * mean_s));
}

float rssi_density(float change_db) {
  const float z = change_db / kRssiDeviationDb;
  const float normal = 0.3989f / kRssiDeviationDb * std::exp(-0.5f * z * z);
  return (1 - kRssiOutliers) * normal + kRssiOutliers / kRssiRangeDb;
}

unsigned sequence_step(const Track& earlier, const Track& later) {
  return (later.first_sequence - earlier.last_sequence) & (kSequenceNumbers - 1);
}

// Likelihood of the step, relative to a number that is as likely as any other.
float sequence_odds(unsigned step, float in_sequence_share) {
  constexpr float kNear = kSequenceNearShare * kSequenceNumbers / kSequenceStepNear;
  constexpr float kFar =
      (1 - kSequenceNearShare) * kSequenceNumbers / (kSequenceStepMax - kSequenceStepNear);
  const float other = 1 - in_sequence_share;
  if (step == 0 || step > kSequenceStepMax) return other;
  return in_sequence_share * (step <= kSequenceStepNear ? kNear : kFar) + other;
}

}  // namespace

bool in_sequence(const Track& earlier, const Track& later) {
  const unsigned step = sequence_step(earlier, later);
  return step > 0 && step <= kSequenceStepMax;
}

bool is_lasting(const Track& track) { return track.span_s() >= kLastingS; }

Sort View::sort_of(const Track& track) const {
  const bool lasting = is_lasting(track);
  if (track.rssi_dbm > near_dbm) return lasting ? Sort::kNearLasting : Sort::kNearBrief;
  return lasting ? Sort::kFarLasting : Sort::kFarBrief;
}

float continuation_odds(const Track& earlier, const Track& later, const View& view) {
  const Habits& habits = view.habits;
  const float gap_s = static_cast<float>(later.first_s10 - earlier.last_s10) / 10;
  const float silence_s = static_cast<float>(view.now_s10 - earlier.last_s10) / 10;
  const float mean_s = habits.gap_s();
  const float goes_on = habits.continued_share(view.sort_of(earlier)) * earlier.unclaimed;
  const float unheard = 1 - goes_on + goes_on * gap_survival(silence_s, mean_s);
  const float lasting = habits.lasting_share();
  return goes_on / unheard * gap_density(gap_s, mean_s) *
         rssi_density(later.rssi_dbm - earlier.rssi_dbm) *
         (is_lasting(later) ? lasting : 1 - lasting) *
         sequence_odds(sequence_step(earlier, later), habits.in_sequence_share());
}

float newcomer_density(const Track& track, const View& view) {
  return view.habits.newcomers_per_s(view.sort_of(track)) / kRssiRangeDb;
}

}  // namespace jambox
