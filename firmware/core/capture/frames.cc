// Frame readers, see frames.h.
//
//   802.11 management header, 24 bytes            probe request body
//   0  frame control (0x40 = probe request)       elements: id u8, length u8, bytes
//   2  duration   4  receiver   10 transmitter
//   16 BSSID      22 sequence control
#include "core/capture/frames.h"

namespace jambox {

namespace {

constexpr std::size_t kHeaderSize = 24;
constexpr std::size_t kTransmitterAt = 10;
constexpr std::size_t kSequenceControlAt = 22;  // little endian, fragment number in the low 4 bits
constexpr std::uint8_t kProbeRequestControl = 0x40;  // version 0, type 0, subtype 4
constexpr std::uint8_t kGroupBit = 0x01;
constexpr std::uint8_t kLocalBit = 0x02;

constexpr std::size_t kFlagsAt = 1;
constexpr std::uint8_t kProtected = 0x40;  // what follows the header cannot be read
constexpr std::uint8_t kOrder = 0x80;      // in management frames: HT Control follows the header
constexpr std::size_t kHtControl = 4;

// The elements that are whole. What follows them was cut off or is no element.
std::span<const std::uint8_t> whole_elements(std::span<const std::uint8_t> body) {
  std::size_t end = 0;
  while (body.size() - end >= 2 && body.size() - end - 2 >= body[end + 1]) {
    end += 2u + body[end + 1];
  }
  return body.first(end);
}

std::span<const std::uint8_t> elements_of(std::span<const std::uint8_t> frame) {
  const std::uint8_t flags = frame[kFlagsAt];
  const std::size_t at = kHeaderSize + ((flags & kOrder) != 0 ? kHtControl : 0);
  if ((flags & kProtected) != 0 || frame.size() < at) return {};
  return whole_elements(frame.subspan(at));
}

// Kinds of random address, by the two most significant bits: 00 non-resolvable private, 01
// resolvable private, 11 static (Bluetooth Core 5.4 Vol 6 Part B 1.3.2).
bool is_private(std::uint8_t most_significant) { return (most_significant & 0x80) == 0; }

}  // namespace

std::optional<ProbeRequest> parse_probe_request(std::span<const std::uint8_t> frame) {
  if (frame.size() < kHeaderSize || frame[0] != kProbeRequestControl) return std::nullopt;
  const std::uint8_t first = frame[kTransmitterAt];
  if ((first & kGroupBit) != 0) return std::nullopt;  // nobody transmits as a group
  Address source = 0;
  for (std::size_t i = 0; i < 6; ++i) source = source << 8 | frame[kTransmitterAt + i];
  const int control = frame[kSequenceControlAt] | frame[kSequenceControlAt + 1] << 8;
  return ProbeRequest{source, (first & kLocalBit) != 0, static_cast<std::uint16_t>(control >> 4),
                      elements_of(frame)};
}

std::optional<BleAdvertisement> parse_ble_advertisement(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kDataAt = 7;
  constexpr std::uint8_t kManufacturerData = 0xFF;
  constexpr unsigned kApple = 0x004C;
  if (bytes.size() < kDataAt || bytes[0] > 1) return std::nullopt;
  BleAdvertisement found{0, bytes[0] == 1 && is_private(bytes[kDataAt - 1]), false};
  for (std::size_t i = kDataAt; i-- > 1;) found.source = found.source << 8 | bytes[i];
  std::span<const std::uint8_t> rest = bytes.subspan(kDataAt);
  while (!rest.empty() && rest[0] != 0) {  // a zero length ends the data early
    const std::size_t length = rest[0];
    if (rest.size() - 1 < length) break;  // cut off: what was read before it holds
    if (length >= 3 && rest[1] == kManufacturerData) {
      found.apple = found.apple || (rest[2] | rest[3] << 8) == kApple;
    }
    rest = rest.subspan(1 + length);
  }
  return found;
}

}  // namespace jambox
