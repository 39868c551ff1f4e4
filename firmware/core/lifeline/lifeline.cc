// Remedies against silence, see lifeline.h.
#include "core/lifeline/lifeline.h"

namespace jambox {

namespace {
// Survives the restarts it counts, so that each waits longer than the one before.
constexpr std::string_view kRestartsKey = "restarts";
}  // namespace

void Lifeline::start() { kv_.get_u32(KeyValue::Store::kState, kRestartsKey, restarts_); }

void Lifeline::on_answer() {
  answered_ = true;
  if (restarts_ == 0) return;
  restarts_ = 0;
  kv_.erase(kRestartsKey);
}

Lifeline::Remedy Lifeline::tick(Millis now, bool wanting, std::uint32_t random, Wake& wake) {
  const bool silent_before = silent_ && !answered_;
  silent_ = wanting;
  answered_ = false;
  if (!wanting) return Remedy::kNone;
  if (!silent_before) {
    modem_.succeed(now);
    modem_.fail(now, kModem, random);
    chip_.resume(restarts_);
    chip_.fail(now, kChip, random >> 16);
  }
  wake.at(modem_.next_at() < chip_.next_at() ? modem_.next_at() : chip_.next_at());
  if (chip_.due(now)) {
    if (restart_by_ != 0) return Remedy::kNone;
    restart_by_ = now + kGraceMs;
    kv_.set_u32(kRestartsKey, restarts_ + 1);
    return Remedy::kRestartChip;
  }
  if (!modem_.due(now)) return Remedy::kNone;
  modem_.fail(now, kModem, random);
  return Remedy::kRestartModem;
}

}  // namespace jambox
