// Applies a delta patch: reads patch and base from flash, gives out the new image piece by piece.
// Format: docs/formats/delta-patch.md. Knows no slot and no hash: whether the result is right is
// for its reader to check.
#pragma once

#include <cstdint>

#include "core/ota/byte_reader.h"
#include "core/ota/heatshrink.h"

namespace jambox {

class DeltaDecoder {
 public:
  DeltaDecoder(Flash& patch, Flash& base) : base_(base), input_(patch), heatshrink_(input_) {}

  // Begins with the patch at `offset` of `size` bytes, against the first `base_size` bytes of the
  // base. False: a kind of patch it does not know, or a new image of no byte or over `target_max`.
  bool open(std::uint32_t offset, std::uint32_t size, std::uint32_t base_size,
            std::uint32_t target_max);
  std::uint32_t target_size() const { return target_size_; }
  // The next bytes of the new image, up to `capacity`; fewer at the end or when it breaks.
  std::uint32_t read(std::uint8_t* out, std::uint32_t capacity);
  bool done() const { return part_ == Part::kDone; }
  // The patch is malformed, too short, or reaches outside its base.
  bool broken() const { return part_ == Part::kBroken; }

 private:
  enum class Part : std::uint8_t {
    kDataFormat,
    kDiffSize,
    kDiff,
    kExtraSize,
    kExtra,
    kAdjustment,
    kDone,
    kBroken
  };
  // Rounds that neither add bytes nor end; more in a row would keep a tick busy for nothing.
  static constexpr int kEmptyRoundsMax = 16;
  // 6 + 4 × 7 bits hold every size a slot can have.
  static constexpr int kNumberBytesMax = 5;

  int next() { return compressed_ ? heatshrink_.next() : input_.next(); }
  template <typename Next>
  bool number(Next next, std::int64_t& value);
  bool stream_number(std::int64_t& value);
  void read_control();
  void begin_run(Part part, std::int64_t size);
  void end_run();
  std::uint32_t read_run(std::uint8_t* out, std::uint32_t size);
  bool add_base(std::uint8_t* out, std::uint32_t size);

  Flash& base_;
  ByteReader input_;
  Heatshrink heatshrink_;
  Part part_ = Part::kBroken;
  bool compressed_ = true;
  int empty_rounds_ = 0;
  std::uint32_t base_size_ = 0;
  std::int64_t base_at_ = 0;  // may stand outside as long as nothing is read there
  std::uint32_t target_size_ = 0;
  std::uint32_t made_ = 0;
  std::uint32_t run_left_ = 0;
};

}  // namespace jambox
