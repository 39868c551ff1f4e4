// The modem's bytes into splitter and engine, with commands under way. Input: which command, then
// the modem's bytes, handed over in pieces.
#include "core/modem/at_engine.h"
#include "core/modem/commands.h"
#include "host/fuzz/fuzz.h"

namespace jambox::fuzz {

namespace {

// Gives the input in pieces and takes what is written.
class InputUart final : public ByteStream {
 public:
  explicit InputUart(Input& input) : input_(input) {}
  std::size_t write(const char*, std::size_t size) override { return size > 7 ? 7 : size; }
  std::size_t read(char* data, std::size_t capacity) override {
    const std::size_t most = 1 + reads_++ % 37;
    const std::string_view text = input_.text(most < capacity ? most : capacity);
    for (std::size_t i = 0; i < text.size(); ++i) data[i] = text[i];
    return text.size();
  }

 private:
  Input& input_;
  std::size_t reads_ = 0;
};

struct Outcomes final : AtCaller, AtListener {
  int done = 0;
  void on_at_done(AtOutcome) override { ++done; }
  void on_at_line(std::string_view line) override { check(line); }
  void on_unsolicited(std::string_view line) override {
    check(line);
    parse_registration(line, true);
  }
  void on_received(std::string_view piece) override {
    promise(!piece.empty() && piece.size() <= 256, "received data come in bounded pieces");
  }
  static void check(std::string_view line) {
    promise(!line.empty() && line.size() <= AtSplitter::kLineMax, "a line has a bounded length");
    promise(line.find_first_of("\r\n") == line.npos, "a line has no line end");
  }
};

AtRequest request_of(std::uint8_t choice) {
  AtRequest request;
  request.text = (choice & 1) != 0 ? "AT+CIPSEND=0,5" : "AT+CEREG?";
  request.answer = (choice & 1) != 0 ? "+CIPSEND: 0," : "+CEREG:";
  request.answer_required = (choice & 2) != 0;
  if ((choice & 4) != 0) request.payload = "hello";
  request.ends_at_prompt = (choice & 8) != 0;
  request.timeout_ms = 50;
  return request;
}

}  // namespace

void fuzz_at(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::uint8_t choice = input.byte();
  InputUart uart(input);
  AtEngine at(uart);
  Outcomes outcomes;
  at.set_listener(&outcomes);
  int started = 0;
  Millis now = 0;
  for (; !input.empty(); now += 7) {
    const AtRequest request = request_of(static_cast<std::uint8_t>(choice + started));
    if (!at.busy() && at.start(request, outcomes, now)) ++started;
    Wake wake(now);
    at.tick(now, wake);
  }
  // The second time is for what a failed command still owes the modem of its payload.
  for (const Millis more : {Millis{1000}, AtEngine::kLeaveMs}) {
    now += more;
    Wake wake(now);
    at.tick(now, wake);
  }
  promise(!at.busy(), "a command ends at its time-out");
  promise(outcomes.done == started, "every command ends exactly once");
  parse_registration(at.answers(), false);
  parse_signal(at.answers());
  parse_address(at.answers());
}

}  // namespace jambox::fuzz
