// Broken receivers, see radio_health.h.
#include "core/capture/radio_health.h"

namespace jambox {

namespace {
// Survives the restarts it counts, so that each waits longer than the one before, with what was
// broken in its two lowest bits.
constexpr std::string_view kRadioKey = "radio";
constexpr std::uint32_t kBroken = RadioHealth::kWifi | RadioHealth::kBle;
}  // namespace

void RadioHealth::start() {
  std::uint32_t kept = 0;
  if (!kv_.get_u32(KeyValue::Store::kState, kRadioKey, kept)) return;
  restarts_ = kept / (kBroken + 1);
  wifi_.suspected = (kept & kWifi) != 0;
  ble_.suspected = (kept & kBle) != 0;
}

void RadioHealth::note(Receiver& receiver, bool listens, Millis now) {
  if (!listens && !receiver.failing) receiver.since = now;
  receiver.failing = !listens;
  receiver.listened = listens;
  if (listens) receiver.suspected = false;
  if (restarts_ == 0 || !wifi_.listened || !ble_.listened) return;
  restarts_ = 0;
  named_ = false;
  kv_.erase(kRadioKey);
}

bool RadioHealth::tick(Millis now, std::uint32_t random, Wake& wake) {
  const bool found = is_found(wifi_, now) || is_found(ble_, now);
  broken_ = static_cast<std::uint8_t>((is_broken(wifi_, now) ? kWifi : 0) |
                                      (is_broken(ble_, now) ? kBle : 0));
  for (const Receiver* receiver : {&wifi_, &ble_}) {
    if (receiver->failing && !is_found(*receiver, now)) wake.at(receiver->since + kBrokenMs);
  }
  if (found && !planned_) {
    restart_.resume(restarts_);
    restart_.fail(now, kRestart, random);
  }
  planned_ = found;
  if (!found || named_) return false;
  wake.at(restart_.next_at());
  if (!restart_.due(now)) return false;
  named_ = true;
  restarts_ += 1;
  kv_.set_u32(kRadioKey, restarts_ * (kBroken + 1) + broken_);
  return true;
}

}  // namespace jambox
