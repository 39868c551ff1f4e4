// How well a new address fits as the continuation of one that fell silent: densities of the silence
// between them, of the change of strength and of the step of the sequence number.
#pragma once

#include "core/visits/habits.h"
#include "core/visits/track.h"

namespace jambox {

// Heard for longer than a passer-by.
bool is_lasting(const Track& track);

// What a track is judged by; `near_dbm` as in the zones.
struct View {
  const Habits& habits;
  float near_dbm;
  std::uint32_t now_s10;

  Sort sort_of(const Track& track) const;
};

// Odds of `later` being what `earlier` goes on as now, against `earlier` having left, per
// second and dB. Both of one kind, and `later` begun after `earlier` was last heard.
float continuation_odds(const Track& earlier, const Track& later, const View& view);

// Density of newcomers like `track`, per second and dB.
float newcomer_density(const Track& track, const View& view);

// Whether the sequence number went on: a burst or two of unheard frames may lie between.
bool in_sequence(const Track& earlier, const Track& later);

}  // namespace jambox
