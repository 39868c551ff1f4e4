// SHA-256, see sha256.h. Names as in FIPS 180-4, section 6.2.
#include "core/base/sha256.h"

#include <cstring>

namespace jambox {

namespace {

constexpr std::size_t kShaBlock = 64;

constexpr std::uint32_t kShaRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr std::uint32_t kShaInitial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

std::uint32_t sha_rotr(std::uint32_t x, int n) { return x >> n | x << (32 - n); }

std::uint32_t sha_word(const std::uint8_t* p) {
  return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
         static_cast<std::uint32_t>(p[2]) << 8 | p[3];
}

// The message schedule, one word after the other in a ring of 16: W[t] replaces W[t − 16].
std::uint32_t sha_next_word(std::uint32_t (&w)[16], int t) {
  const std::uint32_t a = w[(t + 1) & 15];
  const std::uint32_t b = w[(t + 14) & 15];
  const std::uint32_t s0 = sha_rotr(a, 7) ^ sha_rotr(a, 18) ^ a >> 3;
  const std::uint32_t s1 = sha_rotr(b, 17) ^ sha_rotr(b, 19) ^ b >> 10;
  return w[t & 15] += s0 + w[(t + 9) & 15] + s1;
}

}  // namespace

void Sha256::reset() {
  std::memcpy(state_, kShaInitial, sizeof state_);
  size_ = 0;
}

void Sha256::block(const std::uint8_t* bytes) {
  std::uint32_t w[16];
  for (int t = 0; t < 16; ++t) w[t] = sha_word(bytes + 4 * t);
  std::uint32_t s[8];
  std::memcpy(s, state_, sizeof s);
  for (int t = 0; t < 64; ++t) {
    const std::uint32_t wt = t < 16 ? w[t] : sha_next_word(w, t);
    const std::uint32_t sum1 = sha_rotr(s[4], 6) ^ sha_rotr(s[4], 11) ^ sha_rotr(s[4], 25);
    const std::uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
    const std::uint32_t t1 = s[7] + sum1 + choice + kShaRound[t] + wt;
    const std::uint32_t sum0 = sha_rotr(s[0], 2) ^ sha_rotr(s[0], 13) ^ sha_rotr(s[0], 22);
    const std::uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
    for (int i = 7; i > 0; --i) s[i] = s[i - 1];
    s[4] += t1;
    s[0] = t1 + sum0 + majority;
  }
  for (int i = 0; i < 8; ++i) state_[i] += s[i];
}

void Sha256::update(const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  while (size > 0) {
    const std::size_t at = size_ % kShaBlock;
    const std::size_t n = kShaBlock - at < size ? kShaBlock - at : size;
    std::memcpy(rest_ + at, bytes, n);
    size_ += n;
    bytes += n;
    size -= n;
    if (at + n == kShaBlock) block(rest_);
  }
}

void Sha256::finish(std::uint8_t (&out)[kBytes]) {
  const std::uint64_t bits = size_ * 8;
  const std::uint8_t mark = 0x80;
  const std::uint8_t zero = 0;
  update(&mark, 1);
  while (size_ % kShaBlock != kShaBlock - 8) update(&zero, 1);
  std::uint8_t length[8];
  for (int i = 0; i < 8; ++i) length[i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
  update(length, sizeof length);
  for (std::size_t i = 0; i < kBytes; ++i) {
    out[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
  }
}

}  // namespace jambox
