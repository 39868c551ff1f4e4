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
  bool randomised;  // locally administered bit set
  std::uint16_t sequence;  // 12 bits, of its sender
  std::span<const std::uint8_t> elements;  // whole ones only; points into the frame
};

struct BleAdvertisement {
  Address source;
  bool randomised;  // sent as a random address
  bool apple;       // manufacturer data of company 0x004C
};

// Nothing unless `frame` (from its MAC header on) is a well-formed probe request of one sender.
std::optional<ProbeRequest> parse_probe_request(std::span<const std::uint8_t> frame);

// `bytes`: address type, six address bytes (least significant first), AD structures.
std::optional<BleAdvertisement> parse_ble_advertisement(std::span<const std::uint8_t> bytes);

}  // namespace jambox
