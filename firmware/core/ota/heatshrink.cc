// Heatshrink, see heatshrink.h.
//
//   1 + 8 bits: a literal byte
//   0 + 8 bits (distance − 1) + 7 bits (length − 1): a copy of what came before; the window is zero
//   at first. Most significant bit first, the last byte filled up with zeros.
#include "core/ota/heatshrink.h"

#include <cstring>

namespace jambox {

void Heatshrink::reset() {
  std::memset(window_, 0, sizeof window_);
  head_ = 0;
  copy_left_ = 0;
  held_bits_ = 0;
}

// `count` ≤ 8 bits, −1 when the input has no more.
int Heatshrink::bits(int count) {
  unsigned value = 0;
  for (; count > 0; --count) {
    if (held_bits_ == 0) {
      const int byte = input_.next();
      if (byte < 0) return -1;
      held_ = static_cast<std::uint8_t>(byte);
      held_bits_ = 8;
    }
    --held_bits_;
    value = value << 1 | (held_ >> held_bits_ & 1u);
  }
  return static_cast<int>(value);
}

int Heatshrink::next() {
  if (copy_left_ == 0) {
    const int literal = bits(1);
    const int first = literal < 0 ? -1 : bits(kWindowBits);
    if (first < 0) return -1;
    if (literal == 1) return put(static_cast<std::uint8_t>(first));
    const int length = bits(kLookaheadBits);
    if (length < 0) return -1;
    distance_ = first + 1;
    copy_left_ = length + 1;
  }
  --copy_left_;
  return put(window_[static_cast<std::uint8_t>(head_ - distance_)]);
}

}  // namespace jambox
