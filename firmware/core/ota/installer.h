// From a patch that lies whole in flash to a verified image in the other slot, one small step per
// tick: hash of the patch, its header against the running image, decoding into the slot, hash of
// what was written. Knows no backend, changes no boot choice.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/units.h"
#include "core/ota/app_image.h"
#include "core/ota/delta_decoder.h"
#include "core/ports/slots.h"

namespace jambox {

class Installer {
 public:
  enum class State : std::uint8_t {
    kIdle,
    kWorking,
    kReady,    // image() lies in the other slot, whole and right
    kDamaged,  // the patch in flash is not the one that was offered: load it again
    kRefused,  // the patch is what was offered, and no good for this unit
    kFailed,   // the flash did not take the image: worth another try
  };

  Installer(Flash& patch, Slots& slots)
      : patch_(patch), slots_(slots), decoder_(patch, slots.running()) {}

  // Begins with a patch of `size` bytes that should have this SHA-256.
  void start(std::uint32_t size, const std::uint8_t (&sha256)[Sha256::kBytes]);
  void stop() { state_ = State::kIdle; }
  // One step: at most a sector erased, or kWriteBytes decoded and written, or kHashBytes hashed.
  void tick();

  State state() const { return state_; }
  // When it ended badly: what was wrong.
  std::string_view why() const { return why_; }
  // When kReady.
  const AppImage& image() const { return image_; }

  // Partitions ota_0 and ota_1 of partitions.csv.
  static constexpr std::uint32_t kSlotBytes = 0x200000;
  // Magic, digest of the base, zeros.
  static constexpr std::uint32_t kHeaderBytes = 64;
  static constexpr std::uint32_t kSectorBytes = 4096;
  // 4 pages of flash take 3 ms; erasing a sector takes 45 ms, at worst 400 (GD25Q64 data sheet).
  static constexpr std::uint32_t kWriteBytes = 1024;
  // 1 ms on the chip.
  static constexpr std::uint32_t kHashBytes = 4096;

 private:
  enum class Step : std::uint8_t { kHashPatch, kHeader, kDecode, kHashImage };

  void end(State state, std::string_view why) { state_ = state, why_ = why; }
  bool hash_some(Flash& flash, std::uint32_t end);
  void hash_patch();
  void read_header();
  void decode();
  void write_some();
  void hash_image();

  Flash& patch_;
  Slots& slots_;
  DeltaDecoder decoder_;
  State state_ = State::kIdle;
  Step step_ = Step::kHashPatch;
  std::string_view why_;
  std::uint32_t patch_size_ = 0;
  std::uint8_t patch_sha256_[Sha256::kBytes] = {};
  Sha256 hash_;
  std::uint32_t at_ = 0;      // bytes hashed, or written
  std::uint32_t erased_ = 0;  // end of what is erased in the slot
  AppImage running_{};
  AppImage image_{};
  std::uint8_t buffer_[kWriteBytes];
};

}  // namespace jambox
