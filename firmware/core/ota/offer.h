// What the backend says about updates: an offer or none, and one chunk of a patch. Reads both
// spellings of the device API (docs/formats/device-api.md). Knows no connection and no flash.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/sha256.h"
#include "core/base/text.h"

namespace jambox {

// Contract: a version has at most 32 characters, a chunk 512 bytes, a patch fits the partition.
inline constexpr std::size_t kVersionChars = 32;
inline constexpr std::uint32_t kChunkBytes = 512;
inline constexpr std::uint32_t kPatchMax = 0x100000;

struct Offer {
  FixedText<kVersionChars> target;
  std::uint32_t patch_size = 0;
  std::uint8_t sha256[Sha256::kBytes] = {};

  std::uint32_t chunks() const { return (patch_size + kChunkBytes - 1) / kChunkBytes; }
};

enum class OfferKind : std::uint8_t {
  kNone,      // nothing to do
  kUpdate,    // `offer` is complete
  kUnusable,  // an update that this version cannot load: `why` says what is wrong with it
  kNoAnswer,  // the text is no answer to the question
};

// Reads the answer to POST /api/ota/check of a unit that runs `version`.
OfferKind parse_offer(std::string_view body, std::string_view version, Offer& offer,
                      std::string_view& why);

struct Chunk {
  std::uint32_t size = 0;
  std::uint8_t bytes[kChunkBytes];
};

// Reads the answer to GET /api/ota/chunk?chunk=`index`. Empty, or what is wrong with it.
std::string_view parse_chunk(std::string_view body, const Offer& offer, std::uint32_t index,
                             Chunk& chunk);

// Letters, digits and . + _ -, as the contract has it: nothing that could end a URL or a line.
bool is_version(std::string_view text);

}  // namespace jambox
