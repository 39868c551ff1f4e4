// Receiver schedule, see schedule.h.
#include "core/capture/schedule.h"

namespace jambox {

void RadioSchedule::start(Millis now) {
  running_ = true;
  began_at_ = now;
  slot_ = -1;
}

void RadioSchedule::tick(Millis now, Wake& wake) {
  if (!running_) return;
  constexpr std::uint8_t kChannels[] = {1, 6, 11};
  constexpr int kBleSlot = 1000;
  const Millis in_cycle = (now - began_at_) % kCycleMs;
  const Millis cycle_began = now - in_cycle;
  const bool ble = in_cycle >= kWifiMs;
  const int slot = ble ? kBleSlot : static_cast<int>(in_cycle / kHopMs);
  if (slot != slot_) {
    slot_ = slot;
    if (ble) radio_.scan_ble();
    // The cycle number shifts the order, so that no channel always gets the short last slot.
    else radio_.sniff_wifi(kChannels[(slot + (now - began_at_) / kCycleMs) % 3]);
  }
  const Millis next = ble ? kCycleMs : static_cast<Millis>(slot + 1) * kHopMs;
  wake.at(cycle_began + (!ble && next > kWifiMs ? kWifiMs : next));
}

}  // namespace jambox
