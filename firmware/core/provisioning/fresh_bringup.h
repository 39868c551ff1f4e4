// The bring-up of a fresh unit within the production program, as the bench follows it: each step,
// the end, the proof. Between its end and the next start it says nothing. Runs no step itself.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/console/events.h"
#include "core/modem/link.h"
#include "core/ports/key_value.h"

namespace jambox {

class FreshBringup {
 public:
  // Both must outlive it.
  FreshBringup(Events& events, KeyValue& kv) : events_(events), kv_(kv) {}

  // The link starts with the twelve steps.
  void start() { running_ = true; }
  void on_step(const StepReport& report);
  // The first time the modem is online, or given up for now, ends it. `said`: the address, if
  // online.
  void on_link(LinkState state, std::string_view said);

 private:
  Events& events_;
  KeyValue& kv_;
  bool running_ = false;
  std::uint8_t last_step_ = 0;
};

}  // namespace jambox
