// Reads received frames, every access checked against the frame's length: 802.11 probe requests and
// BLE advertisements. Keeps nothing; knows no counting. Sources: IEEE 802.11-2020 9.3.3, Bluetooth
// Core 5.4 Vol 3 Part C 11.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace jambox {

// A transmitter's address as a number; its top 16 bits are 0. Lives only in RAM, for minutes.
using Address = std::uint64_t;

// Ids of information elements, IEEE 802.11-2020 table 9-92.
inline constexpr std::uint8_t kSsid = 0;
inline constexpr std::uint8_t kDsParameter = 3;  // holds the channel

struct ProbeRequest {
  Address source;
  bool randomised;         // locally administered bit set
  std::uint16_t sequence;  // 12 bits, of its sender
  // Those that are whole; points into the frame. A frame cut short or odd at its end still counts.
  std::span<const std::uint8_t> elements;
};

struct BleAdvertisement {
  Address source;
  // A private address, resolvable or not, which its sender changes. A static random one stays until
  // power-off: beacons and trackers have those, nobody carries them past (Vol 6 Part B 1.3.2).
  bool randomised;
  bool apple;  // manufacturer data of company 0x004C, in what could be read
};

// Nothing unless `frame` (from its MAC header on) begins as a probe request of one sender.
std::optional<ProbeRequest> parse_probe_request(std::span<const std::uint8_t> frame);

// `bytes`: address type, six address bytes (least significant first), AD structures.
std::optional<BleAdvertisement> parse_ble_advertisement(std::span<const std::uint8_t> bytes);

}  // namespace jambox
