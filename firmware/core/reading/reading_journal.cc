// Reading journal, see reading_journal.h.
//
//   sector: slot 0 = header: magic u32, sequence u32, CRC-32 of both; slots 1 … 31 = entries
//   entry:  0 body (reading_codec.h)   112 late start u32   116 its complement u32
//           120 attempted u8   121 done u8   122 … 127 FF
#include "core/reading/reading_journal.h"

#include <cstring>

#include "core/base/crc.h"

namespace jambox {

namespace {

constexpr std::uint32_t kHeaderMagic = 0x31444A52;  // "RJD1"
constexpr std::uint32_t kLateStartAt = 112;
constexpr std::uint32_t kAttemptedAt = 120;
constexpr std::uint32_t kDoneAt = 121;
constexpr std::uint8_t kBlank = 0xFF;
// A place that does not take its bytes is passed over; after so many the flash is given up on.
constexpr int kAppendTries = 3;

struct Header {
  std::uint32_t magic;
  std::uint32_t sequence;
  std::uint32_t crc;
};

std::uint32_t crc_of(const Header& header) { return crc32(&header, 8); }

bool is_blank(const std::uint8_t* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    if (bytes[i] != kBlank) return false;
  }
  return true;
}

std::uint32_t get_u32(const std::uint8_t* bytes) {
  std::uint32_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

}  // namespace

// Sequence number of a sector, 0 when it has no whole header.
std::uint32_t ReadingJournal::read_header(std::uint32_t sector) {
  Header header{};
  if (!flash_.read(sector * kSectorBytes, &header, sizeof header)) return 0;
  return header.magic == kHeaderMagic && header.crc == crc_of(header) ? header.sequence : 0;
}

void ReadingJournal::open(std::uint32_t owner, Visitor& visitor) {
  owner_ = owner;
  head_ = sectors_ - 1;
  sequence_ = seq_max_ = boot_max_ = dropped_ = 0;
  next_ = kEntries;
  for (std::uint32_t sector = 0; sector < sectors_; ++sector) {
    const std::uint32_t sequence = read_header(sector);
    if (sequence == 0) continue;
    scan_sector(sector, visitor);
    if (sequence <= sequence_) continue;
    sequence_ = sequence;
    head_ = sector;
  }
  if (sequence_ != 0) next_ = first_blank(head_);
}

void ReadingJournal::scan_sector(std::uint32_t sector, Visitor& visitor) {
  for (std::uint32_t place = 0; place < kEntries; ++place) {
    const auto slot = static_cast<Slot>(sector * kEntries + place);
    std::uint8_t bytes[kSlotBytes];
    if (!flash_.read(offset_of(slot), bytes, sizeof bytes)) continue;
    auto entry = decode_reading(bytes);
    if (!entry) continue;
    Reading& reading = entry->reading;
    if (reading.seq > seq_max_) seq_max_ = reading.seq;
    if (reading.boot > boot_max_) boot_max_ = reading.boot;
    if (entry->context.dropped > dropped_) dropped_ = entry->context.dropped;
    // A mark counts from its first cleared bit on: it is only begun once it is true.
    if (bytes[kDoneAt] != kBlank || entry->context.owner != owner_) continue;
    reading.sent_before = bytes[kAttemptedAt] != kBlank;
    const std::uint32_t late = get_u32(bytes + kLateStartAt);
    const bool dated = late == ~get_u32(bytes + kLateStartAt + 4);
    if (dated && reading.start_unix_s == 0) reading.start_unix_s = late;
    visitor.on_waiting(reading, slot);
  }
}

// Behind the last place that is not blank: a torn entry takes its place up.
std::uint32_t ReadingJournal::first_blank(std::uint32_t sector) {
  for (std::uint32_t place = kEntries; place > 0; --place) {
    std::uint8_t bytes[kSlotBytes];
    const auto slot = static_cast<Slot>(sector * kEntries + place - 1);
    if (!flash_.read(offset_of(slot), bytes, sizeof bytes)) return kEntries;
    if (!is_blank(bytes, sizeof bytes)) return place;
  }
  return 0;
}

int ReadingJournal::sector_to_erase() const {
  return next_ < kEntries ? -1 : static_cast<int>((head_ + 1) % sectors_);
}

// The old header goes first: an erase that is cut short may leave entries readable but take their
// marks away.
bool ReadingJournal::open_next_sector() {
  const std::uint32_t sector = (head_ + 1) % sectors_;
  const std::uint32_t offset = sector * kSectorBytes;
  constexpr Header kRetired{};
  head_ = sector;  // a sector that fails is passed over by the next try
  if (!flash_.write(offset, &kRetired, sizeof kRetired)) return false;
  if (!flash_.erase(offset, kSectorBytes)) return false;
  Header header{kHeaderMagic, sequence_ + 1, 0};
  header.crc = crc_of(header);
  if (!flash_.write(offset, &header, sizeof header)) return false;
  if (read_header(sector) != header.sequence) return false;
  sequence_ = header.sequence;
  next_ = 0;
  return true;
}

ReadingJournal::Slot ReadingJournal::append(const Reading& reading, std::uint32_t dropped) {
  std::uint8_t body[kReadingBodyBytes];
  encode_reading(reading, {owner_, dropped}, body);
  if (next_ >= kEntries && !open_next_sector()) return kNoSlot;
  for (int tries = 0; tries < kAppendTries && next_ < kEntries; ++tries) {
    const auto slot = static_cast<Slot>(head_ * kEntries + next_++);
    if (!store(body, offset_of(slot))) continue;
    if (reading.sent_before) mark_attempted(slot);
    return slot;
  }
  return kNoSlot;
}

bool ReadingJournal::store(const std::uint8_t* body, std::uint32_t offset) {
  std::uint8_t stored[kReadingBodyBytes];
  const bool same = flash_.write(offset, body, kReadingBodyBytes) &&
                    flash_.read(offset, stored, kReadingBodyBytes) &&
                    std::memcmp(stored, body, kReadingBodyBytes) == 0;
  // What may be whole after all must not be found beside its second copy.
  if (!same) flash_.write(offset + kDoneAt, "", 1);
  return same;
}

void ReadingJournal::clear_byte(Slot slot, std::uint32_t at) {
  if (slot == kNoSlot) return;
  const std::uint8_t cleared = 0;
  flash_.write(offset_of(slot) + at, &cleared, 1);
}

void ReadingJournal::mark_done(Slot slot) { clear_byte(slot, kDoneAt); }

void ReadingJournal::mark_attempted(Slot slot) { clear_byte(slot, kAttemptedAt); }

bool ReadingJournal::mark_start(Slot slot, std::uint32_t start_unix_s) {
  if (slot == kNoSlot) return true;
  const std::uint32_t late[2] = {start_unix_s, ~start_unix_s};
  const std::uint32_t at = offset_of(slot) + kLateStartAt;
  std::uint32_t stored[2] = {};
  return flash_.write(at, late, sizeof late) && flash_.read(at, stored, sizeof stored) &&
         std::memcmp(stored, late, sizeof late) == 0;
}

}  // namespace jambox
