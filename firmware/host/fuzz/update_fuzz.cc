// Updates: any bytes as a patch, in pieces of any size, must end and stay within the size they
// announce; any text as the backend's answer must be refused or be within the unit's bounds.
// Input: what it is (0 offer, 1 chunk, else a patch and the size of its pieces), then its bytes.
#include <vector>

#include "core/ota/delta_decoder.h"
#include "core/ota/offer.h"
#include "host/fake_ports.h"
#include "host/fuzz/fuzz.h"

namespace jambox::fuzz {

namespace {

constexpr std::uint32_t kFuzzedBase = 512;
constexpr std::uint32_t kFuzzedTargetMax = 4096;

void fuzz_patch(std::uint32_t piece, Input& input) {
  const auto size = static_cast<std::uint32_t>(input.size());
  test::FakeFlash patch(size);
  patch.bytes.assign(input.data(), input.data() + size);
  test::FakeFlash base(kFuzzedBase);
  DeltaDecoder decoder(patch, base);
  if (!decoder.open(0, size, kFuzzedBase, kFuzzedTargetMax)) return;
  promise(decoder.target_size() <= kFuzzedTargetMax, "the image is bounded");
  std::vector<std::uint8_t> out(piece);
  std::uint32_t made = 0;
  while (!decoder.done() && !decoder.broken()) {
    const std::uint32_t n = decoder.read(out.data(), piece);
    promise(n == piece || decoder.done() || decoder.broken(), "a piece is filled before the end");
    made += n;
    promise(made <= decoder.target_size(), "no byte beyond the image");
  }
  if (decoder.done()) promise(made == decoder.target_size(), "an image that is done is whole");
}

void fuzz_offer(std::string_view text) {
  Offer offer;
  std::string_view why;
  const OfferKind kind = parse_offer(text, "6.0.0", offer, why);
  if (kind == OfferKind::kUnusable) promise(!why.empty(), "a refusal has a reason");
  if (kind != OfferKind::kUpdate) return;
  promise(is_version(offer.target.view()), "the target is a version");
  promise(offer.patch_size > 0 && offer.patch_size <= kPatchMax, "the patch fits");
}

}  // namespace

void fuzz_update(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::uint8_t what = input.byte();
  if (what == 0) return fuzz_offer(input.text(input.size()));
  if (what > 1) return fuzz_patch(what, input);
  Offer offer;
  offer.patch_size = 1000;
  Chunk chunk;
  const std::string_view problem = parse_chunk(input.text(input.size()), offer, 1, chunk);
  if (problem.empty()) promise(chunk.size == 488, "a chunk has its length");
}

}  // namespace jambox::fuzz
