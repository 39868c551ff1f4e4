// A scripted SIM7028 behind ByteStream: strict about what it is sent, able to stay silent, to fail,
// to reply in pieces of n bytes, to interrupt with unsolicited lines, to echo, to carry one TCP
// connection. Lines of a script end with '\n' and go out as CR LF.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/byte_stream.h"

namespace jambox::test {

class FakeModem final : public ByteStream {
 public:
  FakeModem();

  // Replies to `command` (without CR). Several for one command are used in turn, the last for ever.
  // An empty reply is silence.
  void on(const std::string& command, std::vector<std::string> replies);
  // What the backend answers to a request: raw HTTP bytes. Empty: nothing, the connection stays.
  std::function<std::string(const std::string& request)> backend;
  // Sends a line unasked.
  void say(const std::string& lines) { emit(lines); }
  // At most this many bytes per read until next_tick(); 0 = no limit.
  std::size_t piece = 0;
  // Goes out before every line of a reply.
  std::string noise;
  bool echo = true;
  // Bytes of a response per +IPD.
  std::size_t ipd_size = 1400;
  // The peer closes after its response.
  bool peer_closes = true;
  bool refuse_connections = false;
  // The answer overtakes the words about the sending.
  bool answers_early = false;
  // Takes everything and says nothing; answers ERROR to everything.
  bool mute = false;
  bool only_errors = false;
  // Echoes payloads as well, as some firmware of the modem does.
  bool echo_payload = false;
  // Answers ERROR to a payload.
  bool fail_payload = false;
  // So many prompts do not come, though the modem waits for the payload.
  int lost_prompts = 0;
  // Said instead of what follows a payload; what it says to have taken of one.
  std::string words_for_payload;
  std::string payload_taken;
  // Waits for so many bytes of a payload that somebody announced before.
  void owe(std::size_t bytes) { payload_wanted_ = bytes; }
  bool in_data_mode() const { return payload_wanted_ > 0; }
  // Something waits to be read.
  bool unread() const { return !out_.empty(); }

  // Everything it was sent, one command each; payloads not.
  std::vector<std::string> commands;
  std::vector<std::string> requests;
  // What a strict modem would not have taken: empty in every good run.
  std::vector<std::string> violations;
  int count(const std::string& command) const;

  void next_tick() { allowance_ = piece; }
  std::size_t write(const char* data, std::size_t size) override;
  std::size_t read(char* data, std::size_t capacity) override;

 private:
  void emit(const std::string& lines);
  void on_command(const std::string& command);
  bool on_socket_command(const std::string& command);
  void on_payload();
  bool take_request();
  void respond(const std::string& response);

  std::map<std::string, std::deque<std::string>> replies_;
  std::string out_;
  std::string line_;
  std::string payload_;
  std::string request_;
  std::size_t payload_wanted_ = 0;
  bool connected_ = false;
  std::size_t allowance_ = 0;
};

}  // namespace jambox::test
