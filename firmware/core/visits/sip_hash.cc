// SipHash-2-4, see sip_hash.h.
#include "core/visits/sip_hash.h"

#include <bit>

namespace jambox {

SipHash::SipHash(const SipKey& key)
    : v_{key.k0 ^ 0x736f6d6570736575ull, key.k1 ^ 0x646f72616e646f6dull,
         key.k0 ^ 0x6c7967656e657261ull, key.k1 ^ 0x7465646279746573ull} {}

void SipHash::round() {
  v_[0] += v_[1], v_[2] += v_[3];
  v_[1] = std::rotl(v_[1], 13) ^ v_[0], v_[3] = std::rotl(v_[3], 16) ^ v_[2];
  v_[0] = std::rotl(v_[0], 32);
  v_[2] += v_[1], v_[0] += v_[3];
  v_[1] = std::rotl(v_[1], 17) ^ v_[2], v_[3] = std::rotl(v_[3], 21) ^ v_[0];
  v_[2] = std::rotl(v_[2], 32);
}

void SipHash::compress(std::uint64_t word) {
  v_[3] ^= word;
  round(), round();
  v_[0] ^= word;
}

void SipHash::add_byte(std::uint8_t byte) {
  word_ |= static_cast<std::uint64_t>(byte) << 8 * (size_ & 7);
  if ((++size_ & 7) != 0) return;
  compress(word_);
  word_ = 0;
}

SipHash& SipHash::add(std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t byte : bytes) add_byte(byte);
  return *this;
}

std::uint64_t SipHash::finish() {
  compress(word_ | static_cast<std::uint64_t>(size_) << 56);
  v_[2] ^= 0xff;
  round(), round(), round(), round();
  return v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
}

}  // namespace jambox
