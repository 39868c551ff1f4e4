// Habits of a kind of phone, see habits.h. What is not known yet is taken from a prior that weighs
// as much as a few observations.
#include "core/visits/habits.h"

#include <cmath>

namespace jambox {

namespace {
constexpr float kPriorGapS = 50;
constexpr float kPriorGaps = 3;
constexpr float kPriorSeconds = 300;
constexpr float kPriorLinks = 1;
// Newcomers before any was met; far ones, who mostly pass, are the most frequent.
constexpr float kPriorNewcomers[kSorts] = {0.6f, 0.1f, 0.2f, 0.2f};
constexpr float kPriorNewcomersAll = 1.1f;
constexpr float kNewcomersPerBurst = 0.15f;
constexpr float kExpectedWeight = 0.5f;

// Time spent per burst, on the street that the estimate is calibrated on (docs/visits.md).
constexpr float kPriorBurstS = 42;
constexpr float kPriorSeenS = 34;  // mean of the gaps that are seen
constexpr float kPriorBursts = 3;
constexpr float kPriorChanged = 0.12f;
constexpr float kPriorAddresses = 3;
constexpr float kPriorBurstsPerAddress = 3.3f;
constexpr float kPriorSquares = 1.85f;  // mean square of the seen gaps over their squared mean
constexpr float kUnseenSpread = 1.55f;
// Beyond, too little of the gaps is seen to tell their mean.
constexpr float kUnseenMax = 0.6f;

float sum_of(const float (&values)[kSorts]) {
  float sum = 0;
  for (const float value : values) sum += value;
  return sum;
}
}  // namespace

void Habits::fade(std::uint32_t now_s10) {
  const float elapsed_s = static_cast<float>(now_s10 - faded_s10) / 10;
  faded_s10 = now_s10;
  const float keep = std::exp(-elapsed_s / kFadeS);
  seconds = seconds * keep + kFadeS * (1 - keep);
  for (std::size_t i = 0; i < kSorts; ++i) {
    newcomers[i] *= keep, continued[i] *= keep, left[i] *= keep;
  }
  bursts *= keep, addresses *= keep;
  links *= keep, links_lasting *= keep, links_in_sequence *= keep;
  const float keep_gaps = std::exp(-elapsed_s / kGapFadeS);
  gaps *= keep_gaps, gaps_s *= keep_gaps, gaps_ss *= keep_gaps;
}

float Habits::births() const { return sum_of(newcomers) + links; }

float Habits::gap_s() const { return (gaps_s + kPriorGaps * kPriorGapS) / (gaps + kPriorGaps); }

void Habits::add_gap(float gap_s) {
  gaps += 1;
  gaps_s += gap_s;
  gaps_ss += gap_s * gap_s;
}

void Habits::add_link(float p, bool lasting, bool in_sequence) {
  links += p;
  if (lasting) links_lasting += p;
  if (in_sequence) links_in_sequence += p;
}

// Share of the bursts after which a phone came back under another address.
float Habits::changed_share() const {
  const float people = newcomers_in_all();
  const float changes = addresses - people + kPriorBursts * kPriorChanged;
  const float share = changes / (bursts - people + kPriorBursts);
  return share > 0 ? share : 0;
}

float Habits::seen_gap_s() const {
  return (gaps_s + kPriorGaps * kPriorSeenS) / (gaps + kPriorGaps);
}

// A gap in which the address changes is not seen, and a long one is likelier to be such a gap. With
// a share q of changes and mean gap g, a gap x goes unseen with probability q x / g; so the seen
// ones average g (1 - q s) / (1 - q), s being the mean square of all gaps over g squared. The seen
// squares show only part of s, for the same reason.
float Habits::burst_s() const {
  const float mean_s = seen_gap_s();
  const float squares = (gaps_ss + kPriorGaps * kPriorSquares * mean_s * mean_s) /
                        ((gaps + kPriorGaps) * mean_s * mean_s);
  const float spread = 1 + kUnseenSpread * (squares - 1);
  const float q = changed_share();
  const float unseen = spread * q < kUnseenMax ? spread * q : kUnseenMax;
  const float burst_s = q < unseen ? mean_s * (1 - q) / (1 - unseen) : mean_s;
  // Who changes it after every burst shows no gap.
  return (gaps * burst_s + kPriorGaps * kPriorBurstS) / (gaps + kPriorGaps);
}

float Habits::unseen_s() const {
  const float all = bursts + kPriorAddresses * kPriorBurstsPerAddress;
  const float mean_s = seen_gap_s();
  const float unseen = mean_s + (burst_s() - mean_s) * all / (addresses + kPriorAddresses);
  return unseen > 0 ? unseen : 0;
}

// Believed newcomers feed the belief in newcomers; in a dense crowd of one kind nothing else holds
// it. So the bursts, which cannot be mistaken, have a say: a person is heard six or seven times.
float Habits::newcomers_in_all() const {
  const float learned = sum_of(newcomers);
  const float expected = kNewcomersPerBurst * bursts;
  const float held = expected < births() ? expected : births();
  return (1 - kExpectedWeight) * learned + kExpectedWeight * held;
}

float Habits::newcomers_per_s(Sort sort) const {
  const auto at = static_cast<std::size_t>(sort);
  const float all = sum_of(newcomers) + kPriorNewcomersAll;
  const float share = (newcomers[at] + kPriorNewcomers[at]) / all;
  return share * (newcomers_in_all() + kPriorNewcomersAll) / (seconds + kPriorSeconds);
}

// As many leave as come.
float Habits::continued_share(Sort sort) const {
  const auto at = static_cast<std::size_t>(sort);
  const float all = (births() - newcomers_in_all() + kPriorLinks) / (births() + 2 * kPriorLinks);
  const float own = (continued[at] + kPriorLinks) / (continued[at] + left[at] + 2 * kPriorLinks);
  return (1 - kExpectedWeight) * own + kExpectedWeight * all;
}

float Habits::lasting_share() const {
  return (links_lasting + kPriorLinks) / (links + 2 * kPriorLinks);
}

float Habits::in_sequence_share() const {
  return (links_in_sequence + kPriorLinks) / (links + 2 * kPriorLinks);
}

Habits* HabitTable::find(std::uint32_t model) {
  for (Habits& habits : kinds_) {
    if (habits.model == model && habits.faded_s10 != 0) return &habits;
  }
  return nullptr;
}

Habits& HabitTable::of(std::uint32_t model, std::uint32_t now_s10) {
  if (Habits* known = find(model)) {
    known->fade(now_s10);
    known->last_s10 = now_s10;
    return *known;
  }
  Habits* oldest = &kinds_[0];
  for (Habits& habits : kinds_) {
    if (habits.last_s10 < oldest->last_s10) oldest = &habits;
  }
  *oldest = Habits{};
  oldest->model = model;
  oldest->last_s10 = oldest->faded_s10 = now_s10 > 0 ? now_s10 : 1;
  return *oldest;
}

void HabitTable::forget_before(std::uint32_t s10) {
  for (Habits& habits : kinds_) {
    if (habits.last_s10 < s10) habits = Habits{};
  }
}

void HabitTable::clear() {
  for (Habits& habits : kinds_) habits = Habits{};
}

}  // namespace jambox
