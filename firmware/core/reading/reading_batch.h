// Several readings in the body of one request, for a unit that catches up. What they share is said
// once, each is a row of numbers (docs/formats/device-api.md). Knows no queue, no sending.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/text.h"
#include "core/reading/reading.h"

namespace jambox {

// An hour of five-minute readings; the backend takes no more at once.
inline constexpr std::uint32_t kBatchMax = 12;
// Twelve readings of a busy store take some 1,700 bytes. Of the largest possible ones eight fit,
// and the rest waits for the next batch.
inline constexpr std::size_t kBatchJsonMax = 1'900;

class ReadingBatch {
 public:
  // Begins the body in `out`, which is empty and has room for kBatchJsonMax. Of `shared`, `now` and
  // `age_s` are not used; `queued_behind` is of the first reading.
  ReadingBatch(TextBuilder& out, const SendContext& shared);

  // False: it is full, or the reading has no date. What has none is told apart by its arrival and
  // goes alone.
  bool add(const Reading& reading, std::int64_t age_s);
  std::uint32_t size() const { return size_; }
  void end() { out_.add("]}"); }

 private:
  TextBuilder& out_;
  std::uint32_t size_ = 0;
};

}  // namespace jambox
