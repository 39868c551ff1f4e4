// A reading as the bytes that flash keeps, docs/formats/readings.md. Knows no flash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/reading/reading.h"

namespace jambox {

// The part of an entry that is written once and covered by its CRC.
inline constexpr std::size_t kReadingBodyBytes = 112;

// What an entry says besides the reading.
struct EntryContext {
  std::uint32_t owner = 0;    // the unit it was counted as
  std::uint32_t dropped = 0;  // readings lost to a full queue until then, since first boot
};

// Fills `out`, kReadingBodyBytes long.
void encode_reading(const Reading& reading, const EntryContext& context, std::uint8_t* out);

struct DecodedEntry {
  Reading reading;
  EntryContext context;
};

// Nothing unless magic, version and CRC are right.
std::optional<DecodedEntry> decode_reading(const std::uint8_t* body);

}  // namespace jambox
