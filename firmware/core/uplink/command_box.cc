// Backend commands, see command_box.h.
#include "core/uplink/command_box.h"

namespace jambox {

namespace {
constexpr std::string_view kKey = "cmd_id";
}

void CommandBox::load() {
  char id[kCommandIdMax];
  const int size = kv_.get_text(KeyValue::Store::kState, kKey, id, sizeof id);
  if (size <= 0) return;
  last_id_.assign({id, static_cast<std::size_t>(size)});
  ack_pending_ = true;
}

std::string_view CommandBox::take(const BackendAnswer& answer) {
  if (answer.command.empty()) return {};
  remembered_ = true;
  if (answer.command_id.empty()) return answer.command.view();  // delivered once, gone
  ack_pending_ = true;
  if (answer.command_id.view() == last_id_.view()) return {};
  last_id_.assign(answer.command_id.view());
  remembered_ = kv_.set_text(kKey, last_id_.view());
  return answer.command.view();
}

}  // namespace jambox
