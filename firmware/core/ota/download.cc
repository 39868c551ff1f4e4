// Download, see download.h.
#include "core/ota/download.h"

#include <cstring>

#include "core/base/encoding.h"

namespace jambox {

namespace {

constexpr std::string_view kPatchKey = "ota_sha";  // which patch
constexpr std::string_view kNextKey = "ota_next";  // chunks of it that are stored
constexpr std::string_view kAttemptsKey = "ota_tries";
constexpr std::string_view kCondemnedKey = "ota_bad";
constexpr std::size_t kPatchHashChars = 2 * Sha256::kBytes;

}  // namespace

bool Download::names(std::string_view key, const Offer& offer) {
  FixedText<kPatchHashChars> wanted;
  add_hex(wanted, offer.sha256, sizeof offer.sha256);
  char stored[kPatchHashChars];
  const int size = kv_.get_text(KeyValue::Store::kState, key, stored, sizeof stored);
  return size == sizeof stored && std::string_view(stored, sizeof stored) == wanted.view();
}

bool Download::open(const Offer& offer) {
  next_ = 0;
  if (names(kPatchKey, offer)) {
    kv_.get_u32(KeyValue::Store::kState, kNextKey, next_);
    if (next_ > offer.chunks()) next_ = 0;
    return true;
  }
  FixedText<kPatchHashChars> hash;
  add_hex(hash, offer.sha256, sizeof offer.sha256);
  // The counts first: cut short in between, the old patch begins anew, which is right if not fast.
  return kv_.set_u32(kNextKey, 0) && kv_.set_u32(kAttemptsKey, 0) &&
         kv_.set_text(kPatchKey, hash.view());
}

bool Download::put(const Chunk& chunk) {
  const std::uint32_t offset = next_ * kChunkBytes;
  if (offset % kSectorBytes == 0 && !flash_.erase(offset, kSectorBytes)) return false;
  std::uint8_t stored[kChunkBytes];
  // Written twice after a power cut, the same bytes give the same bits.
  const bool same = flash_.write(offset, chunk.bytes, chunk.size) &&
                    flash_.read(offset, stored, chunk.size) &&
                    std::memcmp(stored, chunk.bytes, chunk.size) == 0;
  if (!same) return rewind_sector(), false;
  if (!kv_.set_u32(kNextKey, next_ + 1)) return false;
  ++next_;
  return true;
}

// Only erasing sets bits again. Noted before: a power cut after the erase must not find chunks
// taken for stored that are gone.
void Download::rewind_sector() {
  const std::uint32_t first = next_ - next_ % (kSectorBytes / kChunkBytes);
  if (first != next_ && kv_.set_u32(kNextKey, first)) next_ = first;
}

void Download::restart() {
  next_ = 0;
  kv_.set_u32(kNextKey, 0);
}

void Download::drop() {
  next_ = 0;
  for (const std::string_view key : {kPatchKey, kNextKey, kAttemptsKey}) kv_.erase(key);
}

std::uint32_t Download::attempts() {
  std::uint32_t count = 0;
  kv_.get_u32(KeyValue::Store::kState, kAttemptsKey, count);
  return count;
}

bool Download::attempts_left() { return attempts() < kAttemptsMax; }

bool Download::begin_attempt() {
  return attempts_left() && kv_.set_u32(kAttemptsKey, attempts() + 1);
}

void Download::condemn() {
  char hash[kPatchHashChars];
  const int size = kv_.get_text(KeyValue::Store::kState, kPatchKey, hash, sizeof hash);
  if (size == sizeof hash) kv_.set_text(kCondemnedKey, {hash, sizeof hash});
  drop();
}

bool Download::condemned(const Offer& offer) { return names(kCondemnedKey, offer); }

void Download::pardon() { kv_.erase(kCondemnedKey); }

}  // namespace jambox
