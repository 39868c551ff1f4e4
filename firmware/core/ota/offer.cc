// Answers about updates, see offer.h.
#include "core/ota/offer.h"

#include "core/base/crc.h"
#include "core/base/encoding.h"
#include "core/json/json_reader.h"

namespace jambox {

namespace {

constexpr std::size_t kChunkBase64Max = (kChunkBytes + 2) / 3 * 4;

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The first of two spellings that is there.
bool either_text(const JsonObject& json, const char* key, const char* other, TextBuilder& out) {
  return json.text(key, out) || json.text(other, out);
}

}  // namespace

bool is_version(std::string_view text) {
  if (text.empty() || text.size() > kVersionChars) return false;
  if (!is_letter_or_digit(text.front())) return false;
  for (const char c : text) {
    if (!is_letter_or_digit(c) && c != '.' && c != '+' && c != '_' && c != '-') return false;
  }
  return true;
}

OfferKind parse_offer(std::string_view body, std::string_view version, Offer& offer,
                      std::string_view& why) {
  JsonObject json;
  if (!json.parse(body)) return OfferKind::kNoAnswer;
  const auto available = json.boolean("update_available");
  if (!available) return OfferKind::kNoAnswer;
  if (!*available) return OfferKind::kNone;
  offer.target.clear();
  const bool named = either_text(json, "target", "target_version", offer.target);
  if (!named || !is_version(offer.target.view())) return OfferKind::kNoAnswer;
  if (offer.target.view() == version) return OfferKind::kNone;
  FixedText<2 * Sha256::kBytes> hash;
  if (!either_text(json, "sha256", "patch_sha256", hash) ||
      !parse_hex(hash.view(), offer.sha256, sizeof offer.sha256)) {
    why = "the offer has no SHA-256";
    return OfferKind::kUnusable;
  }
  const std::int64_t size = json.integer("patch_size").value_or(0);
  if (size <= 0 || size > kPatchMax) {
    why = "the patch does not fit the unit";
    return OfferKind::kUnusable;
  }
  offer.patch_size = static_cast<std::uint32_t>(size);
  if (json.integer("chunk_size").value_or(kChunkBytes) != kChunkBytes ||
      json.integer("chunk_count").value_or(offer.chunks()) != offer.chunks()) {
    why = "the chunks are not of 512 bytes";
    return OfferKind::kUnusable;
  }
  return OfferKind::kUpdate;
}

std::string_view parse_chunk(std::string_view body, const Offer& offer, std::uint32_t index,
                             Chunk& chunk) {
  JsonObject json;
  if (!json.parse(body)) return "the answer is no JSON";
  if (json.integer("chunk") != index) return "it is another chunk";
  if (json.integer("total").value_or(offer.chunks()) != offer.chunks()) {
    return "it is of a patch of another size";
  }
  FixedText<kChunkBase64Max> data;
  if (!json.text("data", data)) return "it has no data";
  const int size = decode_base64(data.view(), chunk.bytes, sizeof chunk.bytes);
  if (size < 0) return "its data is no base64";
  const bool last = index + 1 == offer.chunks();
  chunk.size = last ? offer.patch_size - index * kChunkBytes : kChunkBytes;
  if (static_cast<std::uint32_t>(size) != chunk.size) return "it has the wrong length";
  const auto crc = json.has("crc") ? json.integer("crc") : json.integer("crc16");
  return crc == crc16_ccitt_false(chunk.bytes, chunk.size) ? "" : "its CRC is wrong";
}

}  // namespace jambox
