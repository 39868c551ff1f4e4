// Splits the modem's byte stream into lines, prompts and received data, one byte at a time.
// Knows the three framings of SIM7028 (CR LF lines, "> " prompts, "+IPD<len>" data), no command.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/text.h"

namespace jambox {

class AtSplitter {
 public:
  enum class Event : std::uint8_t { kNone, kLine, kPrompt, kData };

  // kLine: `line()` holds it, without line ends. kData: the byte itself belongs to received data.
  Event push(char byte);

  // In the middle of received data, so that whatever comes belongs to it.
  bool in_data() const { return data_left_ > 0; }
  // The rest of the data does not come: lines from here on.
  void abandon_data() { data_left_ = 0; }

  // While on, a '>' at the start of a line is the prompt of AT+CIPSEND, not text.
  void expect_prompt(bool on) { prompt_expected_ = on; }
  // Without blanks at either end, and of ASCII alone: the rest is noise of a line that wakes up.
  std::string_view line() const { return trim(line_.view()); }

  // Longer lines are cut; the longest known answer (AT+CPSI?) has about 110 characters.
  static constexpr std::size_t kLineMax = 256;
  // SIM7028 hands over at most one 1,460-byte segment per +IPD.
  static constexpr std::int64_t kDataMax = 1500;

 private:
  Event end_line(bool line_feed);

  FixedText<kLineMax> line_;
  std::size_t data_left_ = 0;
  bool line_done_ = false;
  bool prompt_expected_ = false;
};

}  // namespace jambox
