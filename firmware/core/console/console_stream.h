// The byte side of the console: finds records (RS, JSON, LF; RFC 7464) in what the bench sends, and
// queues records and log lines for it without ever waiting. Knows no command.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/ports/byte_stream.h"

namespace jambox {

inline constexpr char kRecordSeparator = 0x1e;
// RS and LF included; the same number as RECORD_BYTES_MAX of shared/console.
inline constexpr std::size_t kRecordMax = 1024;

class ConsoleStream {
 public:
  explicit ConsoleStream(ByteStream& port) : port_(port) {}

  enum class Input : std::uint8_t { kNone, kRecord, kTooLong };
  // Reads on until a record is complete, at most kBytesPerPoll bytes. kRecord: `record()` is its
  // JSON until the next poll. Bytes outside records are ignored: a terminal may be typing.
  Input poll();
  std::string_view record() const { return in_.view(); }

  // Queues RS, `json`, LF; a log line with its LF. What does not fit is dropped whole and counted.
  void put_record(std::string_view json);
  void put_line(std::string_view text);
  // Every piece of `secret` of kSecretPiece characters or more leaves as asterisks, whoever put it
  // there: the modem may echo what it was sent. `secret` must outlive the stream.
  void set_secret(std::string_view secret) { secret_ = secret; }
  void flush();
  bool flushed() const { return out_size_ == 0; }
  std::uint32_t dropped() const { return dropped_; }

  // Of the token's 43 characters: less says nothing, and words of a log are not mistaken for it.
  static constexpr std::size_t kSecretPiece = 8;
  static constexpr int kBytesPerPoll = 512;
  // A burst of bring-up events with their log lines; at 115,200 baud, half a second.
  static constexpr std::size_t kOutMax = 8192;

 private:
  void put(std::string_view head, std::string_view body);
  std::size_t secret_at(std::string_view text) const;

  ByteStream& port_;
  enum class In : std::uint8_t { kOutside, kInside, kTooLong, kDone } state_ = In::kOutside;
  FixedText<kRecordMax> in_;
  char out_[kOutMax];
  std::size_t out_first_ = 0;
  std::size_t out_size_ = 0;
  std::uint32_t dropped_ = 0;
  std::string_view secret_;
};

}  // namespace jambox
