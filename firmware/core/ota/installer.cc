// Installing a patch, see installer.h.
#include "core/ota/installer.h"

#include <cstring>

namespace jambox {

namespace {

constexpr std::uint8_t kPatchMagic[4] = {0x10, 0xDE, 0xCD, 0xFC};
constexpr std::uint32_t kBaseDigestAt = 4;
constexpr std::uint32_t kZerosAt = 36;

}  // namespace

void Installer::start(std::uint32_t size, const std::uint8_t (&sha256)[Sha256::kBytes]) {
  patch_size_ = size;
  std::memcpy(patch_sha256_, sha256, sizeof patch_sha256_);
  hash_.reset();
  at_ = 0;
  step_ = Step::kHashPatch;
  end(State::kWorking, {});
}

void Installer::tick() {
  if (state_ != State::kWorking) return;
  if (step_ == Step::kHashPatch) hash_patch();
  else if (step_ == Step::kHeader) read_header();
  else if (step_ == Step::kDecode) decode();
  else hash_image();
}

// Hashes on from at_ towards `end`. False: the flash cannot be read.
bool Installer::hash_some(Flash& flash, std::uint32_t end) {
  std::uint32_t left = end - at_ < kHashBytes ? end - at_ : kHashBytes;
  while (left > 0) {
    const std::uint32_t n = left < sizeof buffer_ ? left : sizeof buffer_;
    if (!flash.read(at_, buffer_, n)) return false;
    hash_.update(buffer_, n);
    at_ += n;
    left -= n;
  }
  return true;
}

void Installer::hash_patch() {
  if (!hash_some(patch_, patch_size_)) return end(State::kFailed, "the patch cannot be read");
  if (at_ < patch_size_) return;
  std::uint8_t digest[Sha256::kBytes];
  hash_.finish(digest);
  if (std::memcmp(digest, patch_sha256_, sizeof digest) != 0) {
    return end(State::kDamaged, "the SHA-256 of the patch is not the one offered");
  }
  step_ = Step::kHeader;
}

void Installer::read_header() {
  if (patch_size_ <= kHeaderBytes || !patch_.read(0, buffer_, kHeaderBytes)) {
    return end(State::kRefused, "the patch is shorter than its header");
  }
  if (std::memcmp(buffer_, kPatchMagic, sizeof kPatchMagic) != 0) {
    return end(State::kRefused, "it is no patch");
  }
  for (std::uint32_t i = kZerosAt; i < kHeaderBytes; ++i) {
    if (buffer_[i] != 0) return end(State::kRefused, "the patch header is of an unknown version");
  }
  const auto running = find_app_image(slots_.running(), kSlotBytes);
  if (!running) return end(State::kRefused, "the running image carries no hash");
  running_ = *running;
  if (std::memcmp(buffer_ + kBaseDigestAt, running_.digest, sizeof running_.digest) != 0) {
    return end(State::kRefused, "the patch is for another base image");
  }
  if (!decoder_.open(kHeaderBytes, patch_size_ - kHeaderBytes, running_.size, kSlotBytes)) {
    return end(State::kRefused, "the patch is of a kind this version does not know");
  }
  at_ = erased_ = 0;
  step_ = Step::kDecode;
}

void Installer::decode() {
  if (at_ < erased_ || at_ == decoder_.target_size()) return write_some();
  if (!slots_.next().erase(erased_, kSectorBytes)) {
    return end(State::kFailed, "the other slot cannot be erased");
  }
  erased_ += kSectorBytes;
}

void Installer::write_some() {
  const std::uint32_t n = decoder_.read(buffer_, kWriteBytes);
  if (decoder_.broken()) return end(State::kRefused, "the patch is malformed");
  if (n > 0 && !slots_.next().write(at_, buffer_, n)) {
    return end(State::kFailed, "the other slot cannot be written");
  }
  at_ += n;
  if (!decoder_.done()) return;
  hash_.reset();
  at_ = 0;
  const auto image = find_app_image(slots_.next(), kSlotBytes);
  if (!image || image->size != decoder_.target_size()) {
    return end(State::kRefused, "the patch makes no whole app image");
  }
  if (image->chip_id != running_.chip_id) {
    return end(State::kRefused, "the new image is for another chip");
  }
  image_ = *image;
  step_ = Step::kHashImage;
}

// What counts is what the flash gives back, not what was written.
void Installer::hash_image() {
  const std::uint32_t hashed = image_.size - Sha256::kBytes;
  if (!hash_some(slots_.next(), hashed)) return end(State::kFailed, "the image cannot be read");
  if (at_ < hashed) return;
  std::uint8_t digest[Sha256::kBytes];
  hash_.finish(digest);
  if (std::memcmp(digest, image_.digest, sizeof digest) != 0) {
    return end(State::kFailed, "the written image does not have its SHA-256");
  }
  end(State::kReady, {});
}

}  // namespace jambox
