// HTTP response reader, see http_response.h.
#include "core/modem/http_response.h"

#include "core/base/encoding.h"

namespace jambox {

void HttpResponse::reset() {
  part_ = Part::kStatus;
  status_ = 0;
  chunked_ = coded_ = false;
  length_ = -1;
  left_ = 0;
  head_bytes_ = 0;
  line_.clear();
  body_.clear();
}

namespace {

// Begins with a blank and is more than blanks.
bool is_blank(std::string_view line) {
  const bool indented = !line.empty() && (line.front() == ' ' || line.front() == '\t');
  return indented && !trim(line).empty();
}

bool is_number(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

}  // namespace

bool HttpResponse::takes_lines() const {
  return part_ == Part::kStatus || part_ == Part::kHeaders || part_ == Part::kChunkSize ||
         part_ == Part::kChunkEnd || part_ == Part::kTrailer;
}

void HttpResponse::push(std::string_view piece) {
  while (!piece.empty() && !done() && !broken()) {
    if (!takes_lines()) {
      piece.remove_prefix(take_body(piece));
      continue;
    }
    const char byte = piece.front();
    piece.remove_prefix(1);
    if (++head_bytes_ > kHeadMax) part_ = Part::kBroken;
    else if (byte == '\n') {
      // A line that begins with a blank goes on with the header before it (RFC 9112 5.2): none of
      // ours has such.
      const bool folded = part_ == Part::kHeaders && is_blank(line_.view());
      if (!folded) on_line(trim(line_.view()));
      line_.clear();
    } else {
      line_.add(byte);
    }
  }
}

std::size_t HttpResponse::take_body(std::string_view piece) {
  const bool bounded = part_ == Part::kChunk || length_ >= 0;
  std::size_t n = piece.size();
  if (bounded && static_cast<std::int64_t>(n) > left_) n = static_cast<std::size_t>(left_);
  body_.add(piece.substr(0, n));
  if (!bounded) return n;
  left_ -= static_cast<std::int64_t>(n);
  if (left_ == 0) part_ = part_ == Part::kChunk ? Part::kChunkEnd : Part::kDone;
  return n;
}

void HttpResponse::on_line(std::string_view line) {
  if (part_ == Part::kStatus) {
    if (!line.empty()) on_status_line(line);
  } else if (part_ == Part::kHeaders) {
    if (line.empty()) on_headers_end();
    else on_header(line);
  } else if (part_ == Part::kChunkSize) {
    on_chunk_size(line);
  } else if (part_ == Part::kChunkEnd) {
    part_ = line.empty() ? Part::kChunkSize : Part::kBroken;
  } else if (line.empty()) {
    part_ = Part::kDone;  // end of the trailer
  }
}

void HttpResponse::on_status_line(std::string_view line) {
  const std::string_view code = line.substr(line.size() < 9 ? line.size() : 9);
  const auto status = parse_int(code.substr(0, 3));
  const bool http = starts_with(line, "HTTP/1.1 ") || starts_with(line, "HTTP/1.0 ");
  const bool whole = is_number(code.substr(0, 3)) && (code.size() == 3 || code[3] == ' ');
  if (!http || !whole || !status || *status < 100 || *status > 599) {
    part_ = Part::kBroken;
    return;
  }
  status_ = static_cast<int>(*status);
  part_ = Part::kHeaders;
}

void HttpResponse::on_header(std::string_view line) {
  if (line_.truncated()) return;  // none of ours is that long
  const std::string_view name = trim(take_until(line, ':'));
  const std::string_view value = trim(line);
  if (equal_ignoring_case(name, "content-length")) {
    on_length(value);
  } else if (equal_ignoring_case(name, "transfer-encoding")) {
    coded_ = true;
    std::string_view rest = value;
    while (!rest.empty()) chunked_ = equal_ignoring_case(trim(take_until(rest, ',')), "chunked");
  }
}

// One length, or the same several times, in one header or in several (RFC 9110 8.6).
void HttpResponse::on_length(std::string_view value) {
  std::string_view rest = value;
  do {
    const std::string_view one = trim(take_until(rest, ','));
    const auto length = parse_int(one);
    if (!is_number(one) || !length || (length_ >= 0 && length_ != *length)) {
      part_ = Part::kBroken;
      return;
    }
    length_ = *length;
  } while (!rest.empty());
}

void HttpResponse::on_headers_end() {
  if (status_ < 200) {  // an interim answer; the real one follows
    part_ = Part::kStatus;
    length_ = -1;
    chunked_ = coded_ = false;
    return;
  }
  if (status_ == 204 || status_ == 304) {  // without a body, whatever the headers say (6.3 rule 1)
    part_ = Part::kDone;
    return;
  }
  if (chunked_) {
    part_ = Part::kChunkSize;
    return;
  }
  if (coded_) length_ = -1;  // a coding we cannot read ends with the connection (6.3 rule 4)
  left_ = length_;
  part_ = length_ == 0 ? Part::kDone : Part::kBody;
}

void HttpResponse::on_chunk_size(std::string_view line) {
  line = trim(take_until(line, ';'));
  while (line.size() > 1 && line.front() == '0') line.remove_prefix(1);
  if (line.empty() || line.size() > 6) {  // 16 MB is beyond any answer
    part_ = Part::kBroken;
    return;
  }
  left_ = 0;
  for (const char c : line) {
    const int digit = hex_value(c);
    if (digit < 0) {
      part_ = Part::kBroken;
      return;
    }
    left_ = left_ * 16 + digit;
  }
  part_ = left_ == 0 ? Part::kTrailer : Part::kChunk;
}

bool HttpResponse::close() {
  if (part_ == Part::kBody && length_ < 0) part_ = Part::kDone;
  return done();
}

}  // namespace jambox
