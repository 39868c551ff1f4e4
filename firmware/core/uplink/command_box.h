// Commands of the backend: each is executed once however often it is delivered, and acknowledged in
// the following requests until one of them succeeds. Knows no connection.
#pragma once

#include <string_view>

#include "core/base/text.h"
#include "core/heartbeat/heartbeat.h"
#include "core/ports/key_value.h"

namespace jambox {

class CommandBox {
 public:
  explicit CommandBox(KeyValue& kv) : kv_(kv) {}

  // Takes up what was executed before a restart, so that "reboot" does not repeat for ever.
  void load();
  // What to acknowledge in the next request; empty = nothing.
  std::string_view ack() const { return ack_pending_ ? last_id_.view() : std::string_view(); }
  // A request that carried ack() has succeeded; to be called before take() of its answer.
  void acknowledged() { ack_pending_ = false; }
  // The command to execute now; empty when the answer has none or it was executed before.
  std::string_view take(const BackendAnswer& answer);
  // The command taken last will be known as executed after a restart. False: its id could not be
  // stored, so whatever restarts would be executed again and again.
  bool remembered() const { return remembered_; }

 private:
  KeyValue& kv_;
  FixedText<kCommandIdMax> last_id_;
  bool ack_pending_ = false;
  bool remembered_ = true;
};

}  // namespace jambox
