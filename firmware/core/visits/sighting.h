// What the estimate of visits takes from one probe request: salted hashes instead of the address
// and the information elements, sequence number, strength, time. Keeps nothing; knows no counting.
#pragma once

#include <cstdint>

#include "core/base/units.h"
#include "core/capture/frames.h"
#include "core/visits/sip_hash.h"

namespace jambox {

struct Sighting {
  std::uint32_t address = 0;  // salted hash, never 0
  std::uint32_t model = 0;    // salted hash of the elements: phones of one kind share it
  std::uint16_t sequence = 0;
  std::int8_t rssi_dbm = 0;
  Millis at = 0;
};

Sighting sighting_of(const ProbeRequest& probe, std::int8_t rssi_dbm, Millis at,
                     const SipKey& salt);

}  // namespace jambox
