// Readings in flash, so that a power cut at any byte loses none: a ring of sectors, entries only
// appended, marks made by clearing bytes. Bytes: docs/formats/readings.md. Knows no queue: which
// readings still wait is asked of it once, at the start.
#pragma once

#include <cstdint>

#include "core/ports/flash.h"
#include "core/reading/reading_codec.h"

namespace jambox {

class ReadingJournal {
 public:
  // Where an entry lies: sector × entries per sector + place.
  using Slot = std::uint16_t;
  static constexpr Slot kNoSlot = 0xFFFF;

  class Visitor {
   public:
    // A reading of the owner that was neither delivered nor dropped; in no particular order.
    virtual void on_waiting(const Reading& reading, Slot slot) = 0;

   protected:
    ~Visitor() = default;
  };

  // `sectors` ≥ 3: one is being written, one being erased.
  explicit ReadingJournal(Flash& flash, std::uint32_t sectors = kSectors)
      : flash_(flash), sectors_(sectors) {}

  // Finds the end of the ring and tells `visitor` what waits, which may mark it.
  void open(std::uint32_t owner, Visitor& visitor);

  // Stores a reading. kNoSlot: the flash refused; nothing is lost but this copy.
  Slot append(const Reading& reading, std::uint32_t dropped);
  // The sector that the next append() erases, or −1. What waits in it loses its slot.
  int sector_to_erase() const;
  static int sector_of(Slot slot) { return slot / kEntries; }

  // The reading must not be sent again: it was delivered, refused or dropped.
  void mark_done(Slot slot);
  // It is about to be sent without a date, and must keep that.
  void mark_attempted(Slot slot);
  // Its start by the clock became known after it was stored. False when the entry cannot take it:
  // an earlier mark was torn.
  bool mark_start(Slot slot, std::uint32_t start_unix_s);

  // Of every entry found by open(), done or not.
  std::uint32_t seq_max() const { return seq_max_; }
  std::uint32_t boot_max() const { return boot_max_; }
  std::uint32_t dropped() const { return dropped_; }

  static constexpr std::uint32_t kSectors = 16;  // partition `readings`, 64 KB
  static constexpr std::uint32_t kSectorBytes = 4096;
  static constexpr std::uint32_t kSlotBytes = 128;
  static constexpr Slot kEntries = kSectorBytes / kSlotBytes - 1;  // the first slot is the header

 private:
  std::uint32_t read_header(std::uint32_t sector);
  void scan_sector(std::uint32_t sector, Visitor& visitor);
  std::uint32_t first_blank(std::uint32_t sector);
  bool open_next_sector();
  bool store(const std::uint8_t* body, std::uint32_t offset);
  void clear_byte(Slot slot, std::uint32_t at);
  static std::uint32_t offset_of(Slot slot) {
    return sector_of(slot) * kSectorBytes + (slot % kEntries + 1u) * kSlotBytes;
  }

  Flash& flash_;
  std::uint32_t sectors_;
  std::uint32_t owner_ = 0;
  std::uint32_t head_ = 0;         // sector being written
  std::uint32_t sequence_ = 0;     // its number; 0: there is none yet
  std::uint32_t next_ = kEntries;  // place in it for the next entry
  std::uint32_t seq_max_ = 0;
  std::uint32_t boot_max_ = 0;
  std::uint32_t dropped_ = 0;
};

}  // namespace jambox
