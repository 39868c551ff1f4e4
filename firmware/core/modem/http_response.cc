// HTTP response reader, see http_response.h.
#include "core/modem/http_response.h"

#include "core/base/encoding.h"

namespace jambox {

void HttpResponse::reset() {
  part_ = Part::kStatus;
  status_ = 0;
  chunked_ = false;
  length_ = -1;
  left_ = 0;
  head_bytes_ = 0;
  line_.clear();
  body_.clear();
}

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
      on_line(trim(line_.view()));
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
  const auto status = parse_int(line.substr(0, 12).substr(line.size() < 9 ? line.size() : 9));
  const bool http = starts_with(line, "HTTP/1.1 ") || starts_with(line, "HTTP/1.0 ");
  if (!http || !status || *status < 100 || *status > 599) {
    part_ = Part::kBroken;
    return;
  }
  status_ = static_cast<int>(*status);
  part_ = Part::kHeaders;
}

void HttpResponse::on_header(std::string_view line) {
  if (line_.truncated()) return;  // none of ours is that long
  const std::string_view name = take_until(line, ':');
  const std::string_view value = trim(line);
  if (equal_ignoring_case(name, "content-length")) {
    const auto length = parse_int(value);
    if (!length || *length < 0) part_ = Part::kBroken;
    else length_ = *length;
  } else if (equal_ignoring_case(name, "transfer-encoding")) {
    chunked_ = equal_ignoring_case(value, "chunked");
  }
}

void HttpResponse::on_headers_end() {
  if (status_ < 200) {  // an interim answer; the real one follows
    part_ = Part::kStatus;
    length_ = -1;
    return;
  }
  if (chunked_) {
    part_ = Part::kChunkSize;
    return;
  }
  if (status_ == 204 || status_ == 304) length_ = 0;
  left_ = length_;
  part_ = length_ == 0 ? Part::kDone : Part::kBody;
}

void HttpResponse::on_chunk_size(std::string_view line) {
  line = trim(take_until(line, ';'));
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
