// Why the unit started, see start_reason.h.
#include "core/restart/start_reason.h"

namespace jambox {

namespace {

// What was written by another version, or is damaged, is no reason.
StartReason own_reason(std::uint32_t kept) {
  const bool known = kept >= static_cast<std::uint32_t>(StartReason::kCommand) &&
                     kept <= static_cast<std::uint32_t>(StartReason::kBench);
  return known ? static_cast<StartReason>(kept) : StartReason::kUnknown;
}

}  // namespace

StartReason StartMemory::take_up(ResetReason reset) {
  std::uint32_t kept = 0;
  if (kv_.get_u32(KeyValue::Store::kState, kKey, kept)) kv_.erase(kKey);
  switch (reset) {
    case ResetReason::kPowerOn: return StartReason::kPower;
    case ResetReason::kSoftware: return own_reason(kept);
    case ResetReason::kResetLine: return StartReason::kResetLine;
    case ResetReason::kCrash: return StartReason::kCrash;
    case ResetReason::kWatchdog: return StartReason::kWatchdog;
    case ResetReason::kBrownOut: return StartReason::kBrownOut;
    case ResetReason::kUnknown: break;
  }
  return StartReason::kUnknown;
}

void StartMemory::keep(StartReason why) { kv_.set_u32(kKey, static_cast<std::uint32_t>(why)); }

}  // namespace jambox
