// Readings waiting to be sent, oldest first. When full the oldest is dropped and counted. In RAM
// for now; a flash journal may take its place behind the same calls.
#pragma once

#include <cstdint>

#include "core/base/units.h"
#include "core/reading/reading.h"

namespace jambox {

class ReadingQueue {
 public:
  void push(const Reading& reading) {
    if (size_ == kCapacity) {
      pop_front();
      count_up(dropped_);
    }
    ring_[(first_ + size_) % kCapacity] = reading;
    ++size_;
  }
  bool empty() const { return size_ == 0; }
  std::uint32_t size() const { return size_; }
  // Both only if not empty.
  Reading& front() { return ring_[first_]; }
  void pop_front() {
    first_ = (first_ + 1) % kCapacity;
    --size_;
  }
  // Readings lost because the queue was full.
  std::uint32_t dropped() const { return dropped_; }

  // Eight hours of five-minute readings.
  static constexpr std::uint32_t kCapacity = 96;

 private:
  Reading ring_[kCapacity];
  std::uint32_t first_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t dropped_ = 0;
};

}  // namespace jambox
