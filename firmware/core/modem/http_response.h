// Reads an HTTP/1.1 response in whatever pieces it arrives: status, body by Content-Length, chunks
// or close. Bounded: a longer body is cut and marked, a longer header line ignored. RFC 9112.
// Knows no connection.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/text.h"

namespace jambox {

inline bool is_success(int status) { return status >= 200 && status < 300; }

class HttpResponse {
 public:
  HttpResponse() { reset(); }
  void reset();
  void push(std::string_view piece);
  // The peer closed: the end of a body without length. False when that was too early.
  bool close();

  bool done() const { return part_ == Part::kDone; }
  // The bytes were no HTTP; nothing more will come of it.
  bool broken() const { return part_ == Part::kBroken; }
  int status() const { return status_; }
  std::string_view body() const { return body_.view(); }
  bool body_cut() const { return body_.truncated(); }

  // The backend keeps every answer below 850 bytes (device API).
  static constexpr std::size_t kBodyMax = 1024;
  // Status line and headers together; Cloudflare's own are about 700 bytes at worst.
  static constexpr std::size_t kHeadMax = 8192;

 private:
  enum class Part : std::uint8_t {
    kStatus,
    kHeaders,
    kBody,
    kChunkSize,
    kChunk,
    kChunkEnd,
    kTrailer,
    kDone,
    kBroken
  };

  // What the headers said of the body; a folded line takes back what its beginning said.
  struct Framing {
    bool chunked = false;      // the last transfer coding is chunked
    bool coded = false;        // there is a transfer coding: no length counts
    std::int64_t length = -1;  // -1: until close, kNoNumber: a header without a number
  };
  static constexpr std::int64_t kNoNumber = -2;

  bool takes_lines() const;
  void take_line_byte(char byte);
  bool goes_on(char byte) const;
  void on_line(std::string_view line);
  void on_status_line(std::string_view line);
  void on_header(std::string_view line);
  void on_headers_end();
  void on_length(std::string_view value);
  void on_codings(std::string_view list);
  void on_chunk_size(std::string_view line);
  std::size_t take_body(std::string_view piece);

  Part part_;
  int status_;
  Framing framing_;
  Framing before_line_;  // the line in `line_`
  bool line_over_;       // its end was seen; the next byte tells whether it goes on
  std::int64_t left_;
  std::size_t head_bytes_;
  FixedText<192> line_;
  FixedText<kBodyMax> body_;
};

}  // namespace jambox
