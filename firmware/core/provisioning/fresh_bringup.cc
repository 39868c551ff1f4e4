// The bring-up as the bench follows it, see fresh_bringup.h.
#include "core/provisioning/fresh_bringup.h"

#include "core/provisioning/cellular_proof.h"

namespace jambox {

void FreshBringup::on_step(const StepReport& report) {
  if (!running_) return;
  last_step_ = report.number;
  events_.bringup(report);
}

void FreshBringup::on_link(LinkState state, std::string_view said) {
  const bool online = state == LinkState::kOnline;
  if (!running_ || (!online && state != LinkState::kOffline)) return;
  running_ = false;
  if (online) keep_cellular_proof(kv_);  // a full store costs the proof: the bench asks again
  events_.bringup_done(online, last_step_, online ? said : std::string_view());
}

}  // namespace jambox
