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

bool elements_fit(std::span<const std::uint8_t> body) {
  while (!body.empty()) {
    if (body.size() < 2 || body.size() - 2 < body[1]) return false;
    body = body.subspan(2u + body[1]);
  }
  return true;
}

}  // namespace

std::optional<ProbeRequest> parse_probe_request(std::span<const std::uint8_t> frame) {
  if (frame.size() < kHeaderSize || frame[0] != kProbeRequestControl) return std::nullopt;
  const std::uint8_t first = frame[kTransmitterAt];
  if ((first & kGroupBit) != 0) return std::nullopt;  // nobody transmits as a group
  const std::span<const std::uint8_t> elements = frame.subspan(kHeaderSize);
  if (!elements_fit(elements)) return std::nullopt;
  Address source = 0;
  for (std::size_t i = 0; i < 6; ++i) source = source << 8 | frame[kTransmitterAt + i];
  const int control = frame[kSequenceControlAt] | frame[kSequenceControlAt + 1] << 8;
  return ProbeRequest{source, (first & kLocalBit) != 0, static_cast<std::uint16_t>(control >> 4),
                      elements};
}

std::optional<BleAdvertisement> parse_ble_advertisement(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kDataAt = 7;
  constexpr std::uint8_t kManufacturerData = 0xFF;
  constexpr unsigned kApple = 0x004C;
  if (bytes.size() < kDataAt || bytes[0] > 1) return std::nullopt;
  BleAdvertisement found{0, bytes[0] == 1, false};
  for (std::size_t i = kDataAt; i-- > 1;) found.source = found.source << 8 | bytes[i];
  std::span<const std::uint8_t> rest = bytes.subspan(kDataAt);
  while (!rest.empty() && rest[0] != 0) {  // a zero length ends the data early
    const std::size_t length = rest[0];
    if (rest.size() - 1 < length) return std::nullopt;
    if (length >= 3 && rest[1] == kManufacturerData) {
      found.apple = found.apple || (rest[2] | rest[3] << 8) == kApple;
    }
    rest = rest.subspan(1 + length);
  }
  return found;
}

}  // namespace jambox
