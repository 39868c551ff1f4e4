// Readings waiting to be sent, oldest first; when full the oldest is dropped and counted. Kept in
// RAM and, once a journal is given, in flash too, so that they survive a restart. A flash that
// fails costs only that. Knows no sending.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/units.h"
#include "core/clock/wall_clock.h"
#include "core/reading/reading.h"
#include "core/reading/reading_journal.h"

namespace jambox {

class ReadingQueue final : private ReadingJournal::Visitor {
 public:
  // Less than kCapacity only in tests.
  explicit ReadingQueue(std::uint32_t capacity = kCapacity) : capacity_(capacity) {}

  // Takes up what waits in `journal`, which must outlive the queue. `owner` names the unit:
  // readings of another, from before the unit was prepared anew, are left alone.
  void open(ReadingJournal& journal, std::uint32_t owner);

  void push(const Reading& reading);
  bool empty() const { return size_ == 0; }
  std::uint32_t size() const { return size_; }
  // These only if not empty.
  Reading& front() { return ring_[first_].reading; }
  void pop_front();
  // The one at place `i` behind the front, below size().
  const Reading& waiting(std::uint32_t i) const { return at(i).reading; }
  // That one is about to be sent: from now on its start stays what it is.
  void note_attempt(std::uint32_t i = 0);
  // Seconds since its period, at `now` of this boot, `unix_ms` by the clock or 0. Across restarts
  // without a clock it is the least that it can be.
  std::int64_t age_s(std::uint32_t i, Millis now, std::int64_t unix_ms) const;

  // Dates what was recorded before the clock was synced, in this boot truly, in earlier ones as
  // late as can be; for good, and before it is sent (docs/decisions/0027).
  void date(const WallClock& clock);
  // Readings lost because the queue was full, since first boot.
  std::uint32_t dropped() const { return dropped_; }
  // Highest number among the readings in flash at open(); 0 = none.
  std::uint32_t seq_max() const { return journal_ == nullptr ? 0 : journal_->seq_max(); }

  // Eight hours of five-minute readings.
  static constexpr std::uint32_t kCapacity = 96;
  // Budget, docs/memory.md.
  static constexpr std::size_t kBytes = 16'944;

 private:
  struct Kept {
    Reading reading;
    ReadingJournal::Slot slot = ReadingJournal::kNoSlot;
  };

  void on_waiting(const Reading& reading, ReadingJournal::Slot slot) override;
  Kept& at(std::uint32_t i) { return ring_[(first_ + i) % kCapacity]; }
  const Kept& at(std::uint32_t i) const { return ring_[(first_ + i) % kCapacity]; }
  void store_unsaved();
  void store_date(Kept& kept);
  bool forget_slots_in(int sector);

  std::uint32_t capacity_;
  ReadingJournal* journal_ = nullptr;
  Kept ring_[kCapacity];
  std::uint32_t first_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t dropped_ = 0;
  std::uint32_t boot_ = 0;
  bool undated_ = false;  // some reading may lack its date
};

}  // namespace jambox
