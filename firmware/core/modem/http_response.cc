// HTTP response reader, see http_response.h.
#include "core/modem/http_response.h"

#include "core/base/encoding.h"

namespace jambox {

void HttpResponse::reset() {
  part_ = Part::kStatus;
  status_ = 0;
  framing_ = before_line_ = {};
  line_over_ = false;
  left_ = 0;
  head_bytes_ = 0;
  line_.clear();
  body_.clear();
}

namespace {

bool begins_fold(char c) { return c == ' ' || c == '\t'; }

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
    else take_line_byte(byte);
  }
}

// A line ends with LF, whether CR stands before it or not (RFC 9112 2.2).
void HttpResponse::take_line_byte(char byte) {
  if (line_over_) {
    line_over_ = false;
    if (goes_on(byte)) framing_ = before_line_;
    else line_.clear();
  }
  if (byte != '\n') {
    line_.add(byte);
    return;
  }
  before_line_ = framing_;
  line_over_ = true;
  on_line(line_.view());
}

// A line that begins with a blank goes on with the one before it (5.2); behind the status line it
// is passed over with it (2.2).
bool HttpResponse::goes_on(char byte) const {
  return begins_fold(byte) && (part_ == Part::kHeaders || part_ == Part::kTrailer);
}

std::size_t HttpResponse::take_body(std::string_view piece) {
  const bool bounded = part_ == Part::kChunk || framing_.length >= 0;
  std::size_t n = piece.size();
  if (bounded && static_cast<std::int64_t>(n) > left_) n = static_cast<std::size_t>(left_);
  body_.add(piece.substr(0, n));
  if (!bounded) return n;
  left_ -= static_cast<std::int64_t>(n);
  if (left_ == 0) part_ = part_ == Part::kChunk ? Part::kChunkEnd : Part::kDone;
  return n;
}

void HttpResponse::on_line(std::string_view line) {
  line = trim(line);
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
  // Every version 1 is read alike (RFC 9110 2.5).
  const bool http = starts_with(line, "HTTP/1.") && line.size() > 9 && line[8] == ' ' &&
                    is_number(line.substr(7, 1));
  const bool whole = is_number(code.substr(0, 3)) && (code.size() == 3 || code[3] == ' ');
  if (!http || !whole || !status || *status < 100 || *status > 599) {
    part_ = Part::kBroken;
    return;
  }
  status_ = static_cast<int>(*status);
  part_ = Part::kHeaders;
}

void HttpResponse::on_header(std::string_view line) {
  const std::string_view name = trim(take_until(line, ':'));
  const bool sized = equal_ignoring_case(name, "content-length");
  if (!sized && !equal_ignoring_case(name, "transfer-encoding")) return;
  if (line_.truncated()) part_ = Part::kBroken;  // its end would tell where the body ends
  else if (sized) on_length(trim(line));
  else on_codings(line);
}

// The list may have empty elements (RFC 9110 5.6.1).
void HttpResponse::on_codings(std::string_view list) {
  framing_.coded = true;
  while (!list.empty()) {
    const std::string_view coding = trim(take_until(list, ','));
    if (!coding.empty()) framing_.chunked = equal_ignoring_case(coding, "chunked");
  }
}

// One length, or the same several times, in one header or in several (RFC 9110 8.6).
void HttpResponse::on_length(std::string_view value) {
  if (value.empty()) {  // the number may stand in a line that goes on with this one
    framing_.length = kNoNumber;
    return;
  }
  std::string_view rest = value;
  while (!rest.empty()) {
    std::string_view one = trim(take_until(rest, ','));
    while (one.size() > 1 && one.front() == '0') one.remove_prefix(1);
    const auto length = parse_int(one);
    const bool other = framing_.length != -1 && length && framing_.length != *length;
    if (!is_number(one) || !length || other) {
      part_ = Part::kBroken;
      return;
    }
    framing_.length = *length;
  }
}

void HttpResponse::on_headers_end() {
  if (status_ < 200) {  // an interim answer; the real one follows
    part_ = Part::kStatus;
    framing_ = {};
    return;
  }
  if (status_ == 204 || status_ == 304) {  // without a body, whatever the headers say (6.3 rule 1)
    part_ = Part::kDone;
    return;
  }
  if (framing_.chunked) {
    part_ = Part::kChunkSize;
    return;
  }
  if (framing_.coded) framing_.length = -1;  // one we cannot read ends with the connection (rule 4)
  left_ = framing_.length;
  if (left_ == kNoNumber) part_ = Part::kBroken;
  else part_ = left_ == 0 ? Part::kDone : Part::kBody;
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
  if (part_ == Part::kBody && framing_.length < 0) part_ = Part::kDone;
  return done();
}

}  // namespace jambox
