// A range of a flash, byte after byte, through a small buffer. Knows no format.
#pragma once

#include <cstdint>

#include "core/ports/flash.h"

namespace jambox {

class ByteReader {
 public:
  explicit ByteReader(Flash& flash) : flash_(flash) {}

  void open(std::uint32_t offset, std::uint32_t size) {
    at_ = offset;
    left_ = size;
    used_ = filled_ = 0;
  }

  // The next byte, −1 at the end or when the flash cannot be read.
  int next() {
    if (used_ == filled_ && !fill()) return -1;
    return buffer_[used_++];
  }

 private:
  static constexpr std::uint32_t kBuffer = 256;

  bool fill() {
    used_ = 0;
    filled_ = left_ < kBuffer ? left_ : kBuffer;
    if (filled_ > 0 && !flash_.read(at_, buffer_, filled_)) filled_ = left_ = 0;
    at_ += filled_;
    left_ -= filled_;
    return filled_ > 0;
  }

  Flash& flash_;
  std::uint32_t at_ = 0;
  std::uint32_t left_ = 0;
  std::uint32_t used_ = 0;
  std::uint32_t filled_ = 0;
  std::uint8_t buffer_[kBuffer];
};

}  // namespace jambox
