// Sightings, see sighting.h.
#include "core/visits/sighting.h"

#include <algorithm>

namespace jambox {

namespace {

// Ids of information elements, IEEE 802.11-2020 tables 9-92 and 9-93.
constexpr std::uint8_t kExtension = 255;
constexpr std::uint8_t kVendor = 221;
constexpr std::size_t kVendorKind = 4;  // OUI and the vendor's own type

// Elements that say what a radio can do, alike in all phones of a kind: rates, power, channels,
// what it asks for, and the capabilities of each generation.
bool says_abilities(std::uint8_t id) {
  switch (id) {
    case 1:    // Supported Rates
    case 10:   // Request
    case 33:   // Power Capability
    case 36:   // Supported Channels
    case 45:   // HT Capabilities
    case 50:   // Extended Supported Rates
    case 70:   // RM Enabled Capabilities
    case 72:   // 20/40 BSS Coexistence
    case 127:  // Extended Capabilities
    case 191:  // VHT Capabilities
      return true;
    default: return false;
  }
}

bool extension_says_abilities(std::uint8_t extension) {
  return extension == 10       // Extended Request
         || extension == 35    // HE Capabilities
         || extension == 59    // HE 6 GHz Band Capabilities
         || extension == 108;  // EHT Capabilities
}

// What of an element is the same in every probe request of every phone of a kind. Names (SSID, SSID
// List, Short SSID List, Mesh ID, HESSID), the channel, and what vendors put in (WPS carries a
// device's own id, others counters and states) tell one phone or one network from another: of those
// only that they are there.
std::span<const std::uint8_t> common_part(std::span<const std::uint8_t> element) {
  const std::uint8_t id = element[0];
  if (says_abilities(id)) return element;
  const std::span<const std::uint8_t> content = element.subspan(2);
  if (id == kVendor) return content.first(std::min(content.size(), kVendorKind));
  if (id != kExtension || content.empty()) return {};
  return extension_says_abilities(content[0]) ? content : content.first(1);
}

// Elements that some probe requests of a phone have and others lack, so that not even their being
// there may count: names of networks it looks for, and the channel, which is left out at 5 GHz.
bool comes_and_goes(std::span<const std::uint8_t> element) {
  constexpr std::uint8_t kSsidList = 84, kMeshId = 114, kShortSsidList = 58;
  switch (element[0]) {
    case kSsid:
    case kDsParameter:
    case kSsidList:
    case kMeshId: return true;
    case kExtension: return element.size() > 2 && element[2] == kShortSsidList;
    default: return false;
  }
}

std::uint32_t model_of(std::span<const std::uint8_t> elements, const SipKey& salt) {
  SipHash hash(salt);
  // The order of the elements belongs to the kind, as hashing them in order implies.
  while (elements.size() >= 2) {
    const std::size_t size = 2u + elements[1];
    if (size > elements.size()) break;
    const std::span<const std::uint8_t> element = elements.first(size);
    if (!comes_and_goes(element)) hash.add(element.first(1)).add(common_part(element));
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
