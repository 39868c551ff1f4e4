// Delta patches, see delta_decoder.h.
#include "core/ota/delta_decoder.h"

namespace jambox {

namespace {

// First byte: patch type << 4 | compression.
constexpr int kSequentialPlain = 0x00;
constexpr int kSequentialHeatshrink = 0x04;

}  // namespace

// Sign and magnitude, low bits first. First byte: 80 more, 40 negative, 6 bits; others: 80 more, 7
// bits.
template <typename Next>
bool DeltaDecoder::number(Next next, std::int64_t& value) {
  int byte = next();
  if (byte < 0) return false;
  const bool negative = (byte & 0x40) != 0;
  std::int64_t magnitude = byte & 0x3F;
  int shift = 6;
  for (int bytes = 1; (byte & 0x80) != 0; ++bytes, shift += 7) {
    byte = next();
    if (byte < 0 || bytes == kNumberBytesMax) return false;
    magnitude |= static_cast<std::int64_t>(byte & 0x7F) << shift;
  }
  value = negative ? -magnitude : magnitude;
  return true;
}

bool DeltaDecoder::stream_number(std::int64_t& value) {
  return number([this] { return next(); }, value);
}

bool DeltaDecoder::open(std::uint32_t offset, std::uint32_t size, std::uint32_t base_size,
                        std::uint32_t target_max) {
  part_ = Part::kBroken;
  input_.open(offset, size);
  heatshrink_.reset();
  const int kind = input_.next();
  if (kind != kSequentialPlain && kind != kSequentialHeatshrink) return false;
  compressed_ = kind == kSequentialHeatshrink;
  std::int64_t target = 0;
  if (!number([this] { return input_.next(); }, target)) return false;
  if (target <= 0 || target > target_max) return false;
  if (compressed_ && input_.next() != Heatshrink::kParameters) return false;
  base_size_ = base_size;
  base_at_ = 0;
  target_size_ = static_cast<std::uint32_t>(target);
  made_ = 0;
  empty_rounds_ = 0;
  part_ = Part::kDataFormat;
  return true;
}

std::uint32_t DeltaDecoder::read(std::uint8_t* out, std::uint32_t capacity) {
  std::uint32_t got = 0;
  while (got < capacity && !done() && !broken()) {
    if (part_ != Part::kDiff && part_ != Part::kExtra) {
      read_control();
      continue;
    }
    const std::uint32_t wanted = capacity - got < run_left_ ? capacity - got : run_left_;
    const std::uint32_t n = read_run(out + got, wanted);
    got += n;
    if (n < wanted) part_ = Part::kBroken;
  }
  return got;
}

// One of the numbers between the runs of bytes.
void DeltaDecoder::read_control() {
  std::int64_t value = 0;
  const Part part = part_;
  part_ = Part::kBroken;
  if (!stream_number(value)) return;
  if (part == Part::kDataFormat) {
    if (value == 0) part_ = Part::kDiffSize;  // 0: plain bytes, no instructions taken apart
  } else if (part == Part::kDiffSize) {
    begin_run(Part::kDiff, value);
  } else if (part == Part::kExtraSize) {
    empty_rounds_ = value == 0 ? empty_rounds_ + 1 : 0;
    if (empty_rounds_ <= kEmptyRoundsMax) begin_run(Part::kExtra, value);
  } else {
    base_at_ += value;  // below 2^34 each, and a patch has room for less than 2^26 of them
    part_ = Part::kDiffSize;
  }
}

void DeltaDecoder::begin_run(Part part, std::int64_t size) {
  if (size < 0 || size > target_size_ - made_) return;
  run_left_ = static_cast<std::uint32_t>(size);
  if (part == Part::kDiff && size > 0) empty_rounds_ = 0;
  part_ = part;
  if (size == 0) end_run();
}

void DeltaDecoder::end_run() {
  if (part_ == Part::kDiff) part_ = Part::kExtraSize;
  else part_ = made_ == target_size_ ? Part::kDone : Part::kAdjustment;
}

std::uint32_t DeltaDecoder::read_run(std::uint8_t* out, std::uint32_t size) {
  for (std::uint32_t i = 0; i < size; ++i) {
    const int byte = next();
    if (byte < 0) return i;
    out[i] = static_cast<std::uint8_t>(byte);
  }
  if (part_ == Part::kDiff && !add_base(out, size)) return 0;
  made_ += size;
  run_left_ -= size;
  if (run_left_ == 0) end_run();
  return size;
}

bool DeltaDecoder::add_base(std::uint8_t* out, std::uint32_t size) {
  if (base_at_ < 0 || base_at_ + size > base_size_) return false;
  constexpr std::uint32_t kPiece = 64;
  std::uint8_t old[kPiece];
  for (std::uint32_t at = 0; at < size; at += kPiece) {
    const std::uint32_t n = size - at < kPiece ? size - at : kPiece;
    if (!base_.read(static_cast<std::uint32_t>(base_at_) + at, old, n)) return false;
    for (std::uint32_t i = 0; i < n; ++i) {
      out[at + i] = static_cast<std::uint8_t>(out[at + i] + old[i]);
    }
  }
  base_at_ += size;
  return true;
}

}  // namespace jambox
