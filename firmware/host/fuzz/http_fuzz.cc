// HTTP responses: whatever arrives, in one piece or in many, must be read alike. Input: size of a
// piece, then the bytes of the backend.
#include "core/heartbeat/heartbeat.h"
#include "core/modem/http_response.h"
#include "host/fuzz/fuzz.h"

namespace jambox::fuzz {

void fuzz_http(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::size_t piece = 1u + input.byte();
  const std::string_view all = input.text(input.size());
  static HttpResponse whole;
  static HttpResponse pieces;
  whole.reset();
  pieces.reset();
  whole.push(all);
  for (std::size_t at = 0; at < all.size(); at += piece) pieces.push(all.substr(at, piece));
  promise(whole.close() == pieces.close(), "pieces end as the whole");
  promise(whole.broken() == pieces.broken(), "pieces break as the whole");
  promise(whole.status() == pieces.status(), "pieces have the status of the whole");
  promise(whole.body() == pieces.body(), "pieces have the body of the whole");
  promise(whole.body().size() <= HttpResponse::kBodyMax, "the body is bounded");
  if (!whole.done()) return;
  promise(whole.status() >= 200 && whole.status() <= 599, "a whole answer has a status");
  BackendAnswer answer;
  parse_backend_answer(whole.body(), answer);
}

}  // namespace jambox::fuzz
