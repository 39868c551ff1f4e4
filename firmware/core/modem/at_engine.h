// One AT command at a time: sends it, gathers its answer among echo and unsolicited lines, ends it
// with OK, an error or a time-out. Never blocks. Knows no particular command.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/modem/at_splitter.h"
#include "core/ports/byte_stream.h"

namespace jambox {

// kPrompt only where a request asked to end there.
enum class AtOutcome : std::uint8_t { kOk, kError, kTimeout, kPrompt };

struct AtRequest {
  std::string_view text;          // copied; without CR
  std::string_view answer = {};   // prefix of its answer lines; must outlive the command
  bool answer_required = false;   // done only when such a line came as well, before or after OK
  std::string_view payload = {};  // written after the prompt; must outlive the command
  bool ends_at_prompt = false;    // outcome kPrompt instead of waiting for OK
  std::uint32_t timeout_ms = 1000;
  std::uint32_t prompt_timeout_ms = 10'000;  // of the prompt alone, where there is a payload
};

// Whoever started a command.
class AtCaller {
 public:
  // Called once per started command, from within tick(). May start the next one.
  virtual void on_at_done(AtOutcome outcome) = 0;
  // Every line that arrives while the command runs, unsolicited ones too; echo not.
  virtual void on_at_line(std::string_view line) { (void)line; }

 protected:
  ~AtCaller() = default;
};

// Whoever wants to know what the modem says unasked.
class AtListener {
 public:
  virtual void on_unsolicited(std::string_view line) = 0;
  // A piece of data received on the TCP connection.
  virtual void on_received(std::string_view piece) = 0;

 protected:
  ~AtListener() = default;
};

class AtEngine {
 public:
  explicit AtEngine(ByteStream& uart) : uart_(uart) {}

  void set_listener(AtListener* listener) { listener_ = listener; }

  // False when a command is running or `text` is too long; nothing has happened then.
  bool start(const AtRequest& request, AtCaller& caller, Millis now);
  // The same for bytes without a line end, e.g. what the bench types after a prompt.
  bool start_raw(std::string_view bytes, std::uint32_t timeout_ms, AtCaller& caller, Millis now);
  // Leads a modem out of data mode that still waits for bytes of a payload, whoever announced
  // them: fills up the most it can be waiting for, then ends the line. Ends kOk. To a modem in
  // command mode it is one blank line.
  bool leave_data_mode(AtCaller& caller, Millis now);
  bool busy() const { return caller_ != nullptr; }
  void tick(Millis now, Wake& wake);

  // Of the last command: its answer lines joined by LF, and the modem's last words about it.
  std::string_view answers() const { return answers_.view(); }
  std::string_view said() const { return said_.view(); }
  // The final line itself: OK, ERROR, +CME ERROR: …
  std::string_view final_line() const { return final_.view(); }
  // True once an echo was seen since the last clear: the modem has restarted, send ATE0.
  bool echo_seen() const { return echo_seen_; }
  void clear_echo_seen() { echo_seen_ = false; }

  static constexpr std::size_t kCommandMax = 255;  // as SIM7028 takes at most per line
  static constexpr std::size_t kSaidMax = 120;     // console records allow that many
  // The longest payload that AT+CIPSEND takes (SIM7028 AT manual).
  static constexpr std::size_t kPayloadMax = 1460;
  // The bytes of one +IPD come without a pause; a modem that has restarted never sends the rest.
  static constexpr Millis kDataPauseMs = 1'000;
  // OK stands next to an answer line; one that got lost is not waited for longer than this.
  static constexpr Millis kOkMs = 2'000;
  // Writing that many bytes takes 130 ms, an answer to them no longer than any other.
  static constexpr Millis kLeaveMs = 3'000;

 private:
  void pump_out();
  void pump_in(Millis now);
  void on_line(std::string_view line);
  void on_command_line(std::string_view line);
  void on_gone(std::string_view line);
  void on_prompt();
  void on_deadline(Millis now);
  void fill(std::size_t bytes, Millis now);
  void finish(AtOutcome outcome);
  void flush_data();
  bool is_unsolicited(std::string_view line) const;
  bool is_payload(std::string_view line) const;

  ByteStream& uart_;
  AtListener* listener_ = nullptr;
  AtCaller* caller_ = nullptr;
  AtSplitter splitter_;
  AtRequest request_;
  FixedText<kCommandMax + 1> out_;
  std::size_t out_sent_ = 0;
  std::string_view payload_left_;
  bool prompt_seen_ = false;
  Millis prompt_deadline_ = 0;
  bool filling_ = false;  // the command has failed; only its payload is still owed
  std::size_t filler_left_ = 0;
  AtOutcome after_filling_ = AtOutcome::kTimeout;
  Millis deadline_ = 0;
  Millis heard_at_ = 0;  // the last byte
  bool ok_seen_ = false;
  bool answer_seen_ = false;
  bool echo_seen_ = false;
  bool text_follows_ = false;  // the next line is a message's
  FixedText<512> answers_;
  FixedText<kSaidMax> said_;
  FixedText<64> final_;
  FixedText<256> data_;
};

}  // namespace jambox
