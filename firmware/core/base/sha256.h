// SHA-256 (FIPS 180-4), in pieces of any size, without a heap. The same code on the chip and on the
// virtual board, so that a port with two adapters is not needed. Knows no use of it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace jambox {

class Sha256 {
 public:
  static constexpr std::size_t kBytes = 32;

  Sha256() { reset(); }
  void reset();
  void update(const void* data, std::size_t size);
  // Puts the digest into `out`. Afterwards only reset() makes sense.
  void finish(std::uint8_t (&out)[kBytes]);

 private:
  void block(const std::uint8_t* bytes);

  std::uint32_t state_[8];
  std::uint64_t size_ = 0;  // bytes so far
  std::uint8_t rest_[64];
};

}  // namespace jambox
