// Sightings, see sighting.h.
#include "core/visits/sighting.h"

namespace jambox {

namespace {

std::uint32_t model_of(std::span<const std::uint8_t> elements, const SipKey& salt) {
  SipHash hash(salt);
  while (elements.size() >= 2) {
    const std::size_t size = 2u + elements[1];
    if (size > elements.size()) break;
    const std::uint8_t id = elements[0];
    // The name searched for and the channel differ between probe requests of one phone. The order
    // of the elements belongs to the fingerprint, as hashing them in order implies.
    if (id != kSsid && id != kDsParameter) hash.add(elements.first(size));
    elements = elements.subspan(size);
  }
  return static_cast<std::uint32_t>(hash.finish());
}

std::uint32_t address_of(Address address, const SipKey& salt) {
  std::uint8_t bytes[6];
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(address), address >>= 8;
  const auto hash = static_cast<std::uint32_t>(SipHash(salt).add(bytes).finish());
  return hash != 0 ? hash : 1;
}

}  // namespace

Sighting sighting_of(const ProbeRequest& probe, std::int8_t rssi_dbm, Millis at,
                     const SipKey& salt) {
  return {address_of(probe.source, salt), model_of(probe.elements, salt), probe.sequence, rssi_dbm,
          at};
}

}  // namespace jambox
