// The devices around right now, by address, with the first and last minute each was heard. Bounded;
// lives in RAM only. Knows no radio, no period.
//
// Open addressing with linear probing; removal shifts entries back, so there are no tombstones.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/capture/frames.h"

namespace jambox {

struct Device {
  Address address = 0;  // 0 = free slot; no transmitter has it
  std::uint32_t first_minute = 0;
  std::uint32_t last_minute = 0;
  std::uint16_t period = 0;  // period in which `last_minute` was counted
  std::uint8_t zone = 0;     // its zone in that minute
};

template <std::size_t kSlots>
class DeviceTable {
  static_assert((kSlots & (kSlots - 1)) == 0, "slot numbers are masked");

 public:
  // At three quarters full, probing stays short.
  static constexpr std::size_t kCapacity = kSlots / 4 * 3;

  // The device, entered if it is new (then its minutes are 0); null when there is no room.
  Device* find_or_enter(Address address) {
    std::size_t at = home(address);
    while (slots_[at].address != 0) {
      if (slots_[at].address == address) return &slots_[at];
      at = next(at);
    }
    if (size_ >= kCapacity) return nullptr;
    ++size_;
    slots_[at] = Device{};
    slots_[at].address = address;
    return &slots_[at];
  }

  // Takes out every device for which `gone(device)`, calling it once for each that is taken.
  template <typename Gone>
  void remove_if(Gone gone) {
    for (std::size_t at = 0; at < kSlots;) {
      // After a removal another entry may have moved here: look again.
      if (slots_[at].address != 0 && gone(slots_[at])) remove(at);
      else ++at;
    }
  }

  void clear() {
    for (Device& slot : slots_) slot = Device{};
    size_ = 0;
  }
  std::size_t size() const { return size_; }

 private:
  static std::size_t home(Address address) {
    return static_cast<std::size_t>(address * 0x9E3779B97F4A7C15ull >> 32) & (kSlots - 1);
  }
  static std::size_t next(std::size_t at) { return (at + 1) & (kSlots - 1); }

  void remove(std::size_t hole) {
    for (std::size_t at = next(hole); slots_[at].address != 0; at = next(at)) {
      const std::size_t wanted = home(slots_[at].address);
      // Movable unless its home lies cyclically behind the hole.
      if (((at - wanted) & (kSlots - 1)) >= ((at - hole) & (kSlots - 1))) {
        slots_[hole] = slots_[at];
        hole = at;
      }
    }
    slots_[hole] = Device{};
    --size_;
  }

  Device slots_[kSlots];
  std::size_t size_ = 0;
};

}  // namespace jambox
