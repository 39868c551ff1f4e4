// Civil time over a restart, see clock_keeper.h.
#include "core/clock/clock_keeper.h"

namespace jambox {

void ClockKeeper::take_up(ResetReason reason, Millis now) {
  std::uint32_t unix_s = 0;
  if (!kv_.get_u32(KeyValue::Store::kState, kKey, unix_s)) return;
  kv_.erase(kKey);
  if (reason != ResetReason::kSoftware) return;
  clock_.sync(static_cast<std::int64_t>(unix_s) * 1000 + static_cast<std::int64_t>(now), now);
}

void ClockKeeper::keep(Millis now) {
  if (!clock_.synced() || !trusted_) return;
  kv_.set_u32(kKey, static_cast<std::uint32_t>(clock_.unix_ms(now) / 1000));
}

}  // namespace jambox
