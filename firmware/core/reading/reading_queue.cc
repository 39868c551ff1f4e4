// Reading queue, see reading_queue.h.
#include "core/reading/reading_queue.h"

namespace jambox {

void ReadingQueue::open(ReadingJournal& journal, std::uint32_t owner) {
  journal_ = &journal;
  journal.open(owner, *this);
  dropped_ = journal.dropped();
  boot_ = journal.boot_max() + 1;
}

// Called while the journal is being opened: puts each in its place by number.
void ReadingQueue::on_waiting(const Reading& reading, ReadingJournal::Slot slot) {
  std::uint32_t place = size_;
  while (place > 0 && at(place - 1).reading.seq > reading.seq) --place;
  if (place > 0 && at(place - 1).reading.seq == reading.seq) return;  // a second copy
  if (size_ == capacity_) {
    // Power was lost between storing the newest and dropping the oldest, which it has counted.
    journal_->mark_done(place == 0 ? slot : at(0).slot);
    if (place == 0) return;
    first_ = (first_ + 1) % kCapacity;
    --size_, --place;
  }
  for (std::uint32_t i = size_; i > place; --i) at(i) = at(i - 1);
  at(place) = Kept{reading, slot};
  if (reading.start_unix_s == 0) undated_ = true;
  ++size_;
}

void ReadingQueue::push(const Reading& reading) {
  ReadingJournal::Slot oldest = ReadingJournal::kNoSlot;
  if (size_ == capacity_) {
    oldest = at(0).slot;
    first_ = (first_ + 1) % kCapacity;
    --size_;
    count_up(dropped_);
  }
  at(size_) = Kept{reading, ReadingJournal::kNoSlot};
  at(size_++).reading.boot = boot_;
  if (reading.start_unix_s == 0) undated_ = true;
  if (journal_ == nullptr) return;
  store_unsaved();
  // Only now: the entry that counts the loss must be there before the loss.
  journal_->mark_done(oldest);
}

// Also what an earlier failure of the flash, or the erasing of its sector, has left in RAM alone.
void ReadingQueue::store_unsaved() {
  for (bool lost_any = true; lost_any;) {
    lost_any = false;
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (at(i).slot != ReadingJournal::kNoSlot) continue;
      if (forget_slots_in(journal_->sector_to_erase())) lost_any = true;
      at(i).slot = journal_->append(at(i).reading, dropped_);
      if (at(i).slot == ReadingJournal::kNoSlot) return;
    }
  }
}

// Waiting readings lie in a sector about to be erased only after hundreds of torn entries, that
// is power cuts within the write of an entry, during one outage.
bool ReadingQueue::forget_slots_in(int sector) {
  bool any = false;
  for (std::uint32_t i = 0; sector >= 0 && i < size_; ++i) {
    ReadingJournal::Slot& slot = at(i).slot;
    if (slot == ReadingJournal::kNoSlot || ReadingJournal::sector_of(slot) != sector) continue;
    slot = ReadingJournal::kNoSlot;
    any = true;
  }
  return any;
}

void ReadingQueue::pop_front() {
  if (journal_ != nullptr) journal_->mark_done(at(0).slot);
  first_ = (first_ + 1) % kCapacity;
  --size_;
}

void ReadingQueue::note_attempt(std::uint32_t i) {
  Kept& kept = at(i);
  if (kept.reading.sent_before) return;
  kept.reading.sent_before = true;
  // A dated one has its start in its entry, for good.
  if (journal_ != nullptr && kept.reading.start_unix_s == 0) journal_->mark_attempted(kept.slot);
}

// From the newest to the oldest, because of an earlier boot no more is known than that it ended
// when the next began: its readings get the latest dates that they can have. Two dates are never
// the same: starts of one boot are a second apart, and boots follow each other.
void ReadingQueue::date(const WallClock& clock) {
  if (!undated_ || !clock.synced()) return;
  undated_ = false;
  std::uint32_t boot = boot_;
  std::int64_t boot_began = clock.unix_ms_of(0);
  for (std::uint32_t i = size_; i-- > 0;) {
    Kept& kept = at(i);
    Reading& reading = kept.reading;
    if (reading.boot != boot) {
      boot = reading.boot;
      const auto start = static_cast<std::int64_t>(reading.start);
      if (reading.start_unix_s != 0) boot_began = reading.start_unix_s * 1000 - start;
      else boot_began -= static_cast<std::int64_t>(reading.end);
    }
    if (reading.start_unix_s != 0 || reading.sent_before) continue;
    reading.start_unix_s = (boot_began + static_cast<std::int64_t>(reading.start)) / 1000;
    if (journal_ != nullptr) store_date(kept);
  }
}

// Where the entry cannot take the date, a new one does.
void ReadingQueue::store_date(Kept& kept) {
  const auto start = static_cast<std::uint32_t>(kept.reading.start_unix_s);
  if (journal_->mark_start(kept.slot, start)) return;
  const ReadingJournal::Slot old = kept.slot;
  kept.slot = ReadingJournal::kNoSlot;
  store_unsaved();
  if (kept.slot == ReadingJournal::kNoSlot) kept.slot = old;
  else journal_->mark_done(old);
}

std::int64_t ReadingQueue::age_s(std::uint32_t i, Millis now, std::int64_t unix_ms) const {
  const Reading& reading = at(i).reading;
  if (reading.boot == boot_) return static_cast<std::int64_t>((now - reading.end) / 1000);
  if (reading.start_unix_s != 0 && unix_ms != 0) {
    const auto length_s = static_cast<std::int64_t>((reading.end - reading.start) / 1000);
    const std::int64_t age = unix_ms / 1000 - reading.start_unix_s - length_s;
    return age > 0 ? age : 0;
  }
  // From reading to reading of earlier boots; between two boots at least the later one's run.
  Millis age = now;
  for (; i + 1 < size_ && at(i + 1).reading.boot != boot_; ++i) {
    const Reading& older = at(i).reading;
    const Reading& newer = at(i + 1).reading;
    age += newer.boot == older.boot ? newer.end - older.end : newer.end;
  }
  return static_cast<std::int64_t>(age / 1000);
}

}  // namespace jambox
