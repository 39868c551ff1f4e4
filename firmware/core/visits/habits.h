// How the phones of one kind behave here and now: how often they probe, how often a new address is
// a newcomer, whether sequence numbers go on. Rates only: no address, no time of anybody.
#pragma once

#include <cstddef>
#include <cstdint>

namespace jambox {

// Passers-by are heard from afar and briefly, visitors near and for longer: what is likely for one
// sort of address is not for another.
enum class Sort : std::uint8_t { kFarBrief, kFarLasting, kNearBrief, kNearLasting };
inline constexpr std::size_t kSorts = 4;

// Sums that fade with kFadeS, so that a rate is that of the last quarter of an hour. Gaps are a
// matter of the kind and not of the place: they fade with kGapFadeS.
struct Habits {
  std::uint32_t model = 0;     // salted hash; 0 = free slot
  std::uint32_t last_s10 = 0;  // last heard
  std::uint32_t faded_s10 = 0;
  float seconds = 0;  // time the sums stand for
  float bursts = 0;
  float addresses = 0;           // that appeared
  float newcomers[kSorts] = {};  // addresses of newcomers
  float continued[kSorts] = {};  // addresses that went on as another
  float left[kSorts] = {};       // addresses that did not
  float links = 0;               // addresses that another went on as,
  float links_lasting = 0;       // of them, lasting ones,
  float links_in_sequence = 0;   // and those whose sequence number went on
  float gaps = 0;                // between bursts; their sum and the sum of their squares
  float gaps_s = 0;
  float gaps_ss = 0;

  void fade(std::uint32_t now_s10);
  void add_gap(float gap_s);
  // An address was what another went on as, with probability `p`.
  void add_link(float p, bool lasting, bool in_sequence);
  float births() const;  // addresses whose past is settled
  float gap_s() const;   // mean gap between bursts, for links
  float seen_gap_s() const;
  float burst_s() const;   // mean time a phone spends per burst, seen or not
  float unseen_s() const;  // mean time per address that no seen gap covers
  float changed_share() const;
  float newcomers_in_all() const;
  float newcomers_per_s(Sort sort) const;
  float continued_share(Sort sort) const;  // of the addresses that fall silent
  float lasting_share() const;             // of the addresses that another goes on as
  float in_sequence_share() const;         // of those, too

  static constexpr float kFadeS = 900;
  static constexpr float kGapFadeS = 3600;
};

// Habits by model; when it is full, the kind that has been silent for longest is forgotten.
class HabitTable {
 public:
  Habits& of(std::uint32_t model, std::uint32_t now_s10);
  // Null when it is not known.
  Habits* find(std::uint32_t model);
  // Forgets kinds silent since before `s10`.
  void forget_before(std::uint32_t s10);
  void clear();

  static constexpr std::size_t kKinds = 48;

 private:
  Habits kinds_[kKinds];
};

}  // namespace jambox
