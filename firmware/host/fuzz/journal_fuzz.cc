// Any content of the flash, as a journal: opening it must end, and afterwards it must keep what it
// is given. Input: for each slot of the flash what lies there, since a CRC is never met by chance:
// whole headers and entries with numbers from the input, raw bytes, or nothing.
#include <cstring>
#include <vector>

#include "core/base/crc.h"
#include "core/reading/reading_journal.h"
#include "host/fake_ports.h"
#include "host/fuzz/fuzz.h"

namespace jambox::fuzz {

namespace {

constexpr std::uint32_t kSectors = 3;
constexpr std::uint32_t kOwner = 7;

struct Waiting final : ReadingJournal::Visitor {
  std::vector<std::uint32_t> numbers;
  void on_waiting(const Reading& reading, ReadingJournal::Slot) override {
    numbers.push_back(reading.seq);
  }
};

bool has(const Waiting& waiting, std::uint32_t seq) {
  for (const std::uint32_t number : waiting.numbers) {
    if (number == seq) return true;
  }
  return false;
}

void put_header(Input& input, std::uint8_t* slot) {
  const std::uint32_t magic = 0x31444A52;
  // A sequence that wraps is centuries away.
  const std::uint32_t low = input.byte();
  const std::uint32_t sequence = 1 + low + 256u * input.byte();
  std::memcpy(slot, &magic, 4);
  std::memcpy(slot + 4, &sequence, 4);
  const std::uint32_t crc = crc32(slot, 8);
  std::memcpy(slot + 8, &crc, 4);
}

void put_entry(Input& input, std::uint8_t* slot) {
  Reading reading;
  reading.seq = input.byte();
  reading.boot = input.byte() % 4u;
  reading.start_unix_s = input.byte() % 2 == 0 ? 0 : 1'790'000'000;
  encode_reading(reading, {input.byte() % 8u == 0 ? 1 : kOwner, input.byte()}, slot);
  // What is written later: a start and its complement, marks.
  if (input.byte() % 2 == 0) return;
  const std::string_view marks = input.text(10);
  std::memcpy(slot + kReadingBodyBytes, marks.data(), marks.size());
}

void fill(Input& input, std::vector<std::uint8_t>& flash) {
  for (std::size_t at = 0; at < flash.size() && !input.empty(); at += ReadingJournal::kSlotBytes) {
    const bool header = at % ReadingJournal::kSectorBytes == 0;
    std::uint8_t* slot = flash.data() + at;
    switch (input.byte() % 4) {
      case 0: break;
      case 1: {
        const std::string_view raw = input.text(ReadingJournal::kSlotBytes);
        std::memcpy(slot, raw.data(), raw.size());
        break;
      }
      default:
        if (header) put_header(input, slot);
        else put_entry(input, slot);
    }
  }
}

}  // namespace

void fuzz_journal(const std::uint8_t* data, std::size_t size) {
  test::FakeFlash flash(kSectors * ReadingJournal::kSectorBytes);
  Input input(data, size);
  fill(input, flash.bytes);
  Waiting before;
  ReadingJournal journal(flash, kSectors);
  journal.open(kOwner, before);
  constexpr std::size_t kMost = kSectors * ReadingJournal::kEntries;
  promise(before.numbers.size() <= kMost, "no more readings than places");
  Reading reading;
  reading.seq = 4711;
  reading.boot = 1;
  const ReadingJournal::Slot slot = journal.append(reading, 0);
  if (slot == ReadingJournal::kNoSlot) return;
  ReadingJournal again(flash, kSectors);
  Waiting after;
  again.open(kOwner, after);
  promise(has(after, reading.seq), "what was stored is found again");
  again.mark_done(slot);
  ReadingJournal last(flash, kSectors);
  Waiting done;
  last.open(kOwner, done);
  promise(done.numbers.size() < after.numbers.size(), "what is done waits no more");
}

}  // namespace jambox::fuzz
