// One address heard lately, and what is believed about the person behind it. Plain values. A belief
// is a probability, because in a crowd of equal phones no address can be linked for certain.
#pragma once

#include <cstdint>

#include "core/base/units.h"
#include "core/visits/sighting.h"

namespace jambox {

struct Track {
  std::uint32_t address = 0;    // salted hash; 0 = free slot
  std::uint32_t model = 0;      // salted hash of the information elements
  std::uint32_t first_s10 = 0;  // tenths of a second since boot: 32 bits last 13 years
  std::uint32_t last_s10 = 0;
  std::uint16_t first_sequence = 0;
  std::uint16_t last_sequence = 0;
  std::uint16_t frames = 0;
  enum class Past : std::uint8_t { kUnknown, kClaimed, kSettled };
  Past past = Past::kUnknown;
  bool is_new = true;  // its first burst may not be over
  float rssi_dbm = 0;  // smoothed
  // Probability that nobody has gone on under another address since it fell silent.
  float unclaimed = 1;
  // Weight of the addresses that may yet turn out to be its continuation.
  float claims = 0;
  // Of the pasts it laid claim to itself: a newcomer's and all others together.
  float claimed = 0;
  // Probability that its person is no counted visit, and that person's expected age before this
  // address if so.
  float uncounted = 1;
  float age_s = 0;

  float span_s() const { return static_cast<float>(last_s10 - first_s10) / 10; }
};

inline std::uint32_t tenths(Millis at) { return static_cast<std::uint32_t>(at / 100); }

// The tracks of everybody around, by address. O(table) per call; lives in RAM only.
template <std::size_t kSlots>
class TrackTable {
 public:
  Track* find(std::uint32_t address) {
    for (Track& track : slots_) {
      if (track.address == address) return &track;
    }
    return nullptr;
  }

  // A free slot; when there is none, that of the track that has been silent for longest.
  Track& enter() {
    Track* oldest = &slots_[0];
    for (Track& track : slots_) {
      if (track.address == 0) return track = Track{};
      if (track.last_s10 < oldest->last_s10) oldest = &track;
    }
    return *oldest = Track{};
  }

  void clear() {
    for (Track& track : slots_) track = Track{};
  }
  Track* begin() { return slots_; }
  Track* end() { return slots_ + kSlots; }

 private:
  Track slots_[kSlots];
};

}  // namespace jambox
