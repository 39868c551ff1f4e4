// Console byte stream, see console_stream.h.
#include "core/console/console_stream.h"

namespace jambox {

ConsoleStream::Input ConsoleStream::poll() {
  if (state_ == In::kDone) state_ = In::kOutside;
  for (int i = 0; i < kBytesPerPoll; ++i) {
    char byte;
    if (port_.read(&byte, 1) == 0) return Input::kNone;
    if (byte == kRecordSeparator) {
      in_.clear();
      state_ = In::kInside;
    } else if (byte == '\n' && state_ == In::kInside) {
      state_ = In::kDone;
      return Input::kRecord;
    } else if (byte == '\n' && state_ == In::kTooLong) {
      state_ = In::kOutside;
      return Input::kTooLong;
    } else if (state_ == In::kInside) {
      in_.add(byte);
      if (in_.size() + 2 > kRecordMax) state_ = In::kTooLong;
    }
  }
  return Input::kNone;
}

void ConsoleStream::put_record(std::string_view json) {
  const char separator = kRecordSeparator;
  put({&separator, 1}, json);
}

void ConsoleStream::put_line(std::string_view text) { put({}, text); }

void ConsoleStream::put(std::string_view head, std::string_view body) {
  if (out_size_ + head.size() + body.size() + 1 > kOutMax) {
    count_up(dropped_);
    return;
  }
  const auto append = [this](std::string_view text) {
    for (const char c : text) out_[(out_first_ + out_size_++) % kOutMax] = c;
  };
  append(head);
  while (!body.empty()) {
    const std::size_t hidden = secret_at(body);
    append(hidden > 0 ? std::string_view("*") : body.substr(0, 1));
    body.remove_prefix(hidden > 0 ? hidden : 1);
  }
  append("\n");
}

// How many characters at the begin of `text` are a piece of the secret, 0 = none.
std::size_t ConsoleStream::secret_at(std::string_view text) const {
  for (std::size_t at = 0; at + kSecretPiece <= secret_.size(); ++at) {
    const std::string_view rest = secret_.substr(at);
    std::size_t n = 0;
    while (n < rest.size() && n < text.size() && rest[n] == text[n]) ++n;
    if (n >= kSecretPiece) return n;
  }
  return 0;
}

void ConsoleStream::flush() {
  while (out_size_ > 0) {
    const std::size_t to_end = kOutMax - out_first_;
    const std::size_t n = out_size_ < to_end ? out_size_ : to_end;
    const std::size_t accepted = port_.write(out_ + out_first_, n);
    out_first_ = (out_first_ + accepted) % kOutMax;
    out_size_ -= accepted;
    if (accepted < n) return;  // nobody listens, or the buffer is full: later
  }
}

}  // namespace jambox
