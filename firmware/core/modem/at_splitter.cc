// AT stream splitter, see at_splitter.h.
#include "core/modem/at_splitter.h"

namespace jambox {

AtSplitter::Event AtSplitter::push(char byte) {
  if (data_left_ > 0) {
    --data_left_;
    return Event::kData;
  }
  if (line_done_) {
    line_.clear();
    line_done_ = false;
  }
  if (byte == '\r' || byte == '\n') return end_line(byte == '\n');
  if (line_.empty()) {
    if (byte == '>' && prompt_expected_) return Event::kPrompt;
    if (byte == ' ') return Event::kNone;  // what follows the prompt
  }
  if (byte >= ' ' && byte <= '~') line_.add(byte);
  return Event::kNone;
}

// CR ends a line as LF does (an echo ends with CR alone), except before data: there the LF still
// belongs to the line, and the byte behind it is the first of the data.
AtSplitter::Event AtSplitter::end_line(bool line_feed) {
  if (line_.empty()) return Event::kNone;
  constexpr std::string_view kData = "+IPD";
  if (starts_with(line_.view(), kData)) {
    const auto length = parse_int(trim(line_.view().substr(kData.size())));
    if (length && *length > 0 && *length <= kDataMax) {
      if (!line_feed) return Event::kNone;
      data_left_ = static_cast<std::size_t>(*length);
    }
  }
  line_done_ = true;
  return Event::kLine;
}

}  // namespace jambox
