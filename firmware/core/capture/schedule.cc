// Receiver schedule, see schedule.h.
#include "core/capture/schedule.h"

namespace jambox {

void RadioSchedule::start(Millis now) {
  running_ = true;
  began_at_ = now;
  slot_ = -1;
}

void RadioSchedule::set_channels(std::uint16_t channels) {
  channel_count_ = 0;
  for (std::uint8_t channel = 1; channel <= 13; ++channel) {
    if ((channels >> channel & 1) != 0) channels_[channel_count_++] = channel;
  }
}

// A cycle begins one channel after the one before began, so that none always gets the short last
// slot, and more channels than a cycle has slots all get their turn.
std::uint8_t RadioSchedule::channel_at(Millis in_cycle, Millis now) const {
  const Millis cycle = (now - began_at_) / kCycleMs;
  const Millis begins_with = channel_count_ > kSlots ? cycle * kSlots : cycle;
  return channels_[(in_cycle / kHopMs + begins_with) % channel_count_];
}

void RadioSchedule::tick(Millis now, Wake& wake) {
  if (!running_) return;
  constexpr int kBleSlot = 1000;
  const Millis in_cycle = (now - began_at_) % kCycleMs;
  const Millis cycle_began = now - in_cycle;
  const bool ble = in_cycle >= kWifiMs;
  const int slot = ble ? kBleSlot : static_cast<int>(in_cycle / kHopMs);
  if (slot != slot_) {
    slot_ = slot;
    if (ble) health_.on_ble(radio_.scan_ble(), now);
    else health_.on_wifi(radio_.sniff_wifi(channel_at(in_cycle, now)), now);
  }
  const Millis next = ble ? kCycleMs : static_cast<Millis>(slot + 1) * kHopMs;
  wake.at(cycle_began + (!ble && next > kWifiMs ? kWifiMs : next));
}

}  // namespace jambox
