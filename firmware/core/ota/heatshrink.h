// Heatshrink decompression with a window of 2^8 and a lookahead of 2^7, byte after byte, in 256
// bytes of memory. Format: docs/formats/delta-patch.md. Knows no patch.
#pragma once

#include <cstdint>

#include "core/ota/byte_reader.h"

namespace jambox {

class Heatshrink {
 public:
  // As a patch names these parameters: ((8 − 4) << 4) | (7 − 3).
  static constexpr int kParameters = 0x44;

  explicit Heatshrink(ByteReader& input) : input_(input) {}

  void reset();
  // The next decompressed byte, −1 when the input ends.
  int next();

 private:
  static constexpr int kWindowBits = 8;
  static constexpr int kLookaheadBits = 7;

  int bits(int count);
  int put(std::uint8_t byte) { return window_[head_++] = byte; }

  ByteReader& input_;
  std::uint8_t window_[1 << kWindowBits];
  std::uint8_t head_ = 0;  // place of the next byte; wraps with the window
  int distance_ = 0;       // of the back-reference being copied
  int copy_left_ = 0;
  std::uint8_t held_ = 0;  // input byte whose low bits are not used yet
  int held_bits_ = 0;
};

}  // namespace jambox
