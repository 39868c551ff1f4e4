// SipHash-2-4, a keyed hash: whoever does not know the key can neither compute it for an address of
// his own nor try all addresses. Source: Aumasson and Bernstein, INDOCRYPT 2012. Knows no radio.
#pragma once

#include <cstdint>
#include <span>

namespace jambox {

struct SipKey {
  std::uint64_t k0 = 0;
  std::uint64_t k1 = 0;
};

// Takes its input in pieces: finish() gives what one call with all of them joined would.
class SipHash {
 public:
  explicit SipHash(const SipKey& key);
  SipHash& add(std::span<const std::uint8_t> bytes);
  std::uint64_t finish();

 private:
  void add_byte(std::uint8_t byte);
  void compress(std::uint64_t word);
  void round();

  std::uint64_t v_[4];
  std::uint64_t word_ = 0;
  std::uint8_t size_ = 0;  // modulo 256, as the algorithm wants it
};

}  // namespace jambox
