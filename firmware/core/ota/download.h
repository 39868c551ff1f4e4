// The patch as it grows in partition `patch`: chunks in order, each compared after writing, how far
// it has come kept in the key-value store. A power cut costs at most the chunk under way. Knows no
// connection. State: docs/formats/ota-state.md.
#pragma once

#include <cstdint>

#include "core/ota/offer.h"
#include "core/ports/flash.h"
#include "core/ports/key_value.h"

namespace jambox {

class Download {
 public:
  Download(Flash& flash, KeyValue& kv) : flash_(flash), kv_(kv) {}

  // Goes on with the patch of this offer where it stopped, or begins it. False: the state cannot be
  // stored, so nothing was begun.
  bool open(const Offer& offer);
  // Chunks that are there; the next to fetch.
  std::uint32_t next() const { return next_; }
  bool complete(const Offer& offer) const { return next_ >= offer.chunks(); }
  // Stores chunk next(). False: the flash or the store did not take it. Then next() is to be tried
  // again; where the flash did not hold the bytes, that is the first chunk of the sector.
  bool put(const Chunk& chunk);
  // Loads it again from its first chunk on; attempts to install it still count.
  void restart();
  // Forgets the patch.
  void drop();

  // Notes that an attempt to install it begins. False: it had kAttemptsMax already, or the note
  // cannot be stored: without it a patch that crashes the unit would do so for ever.
  bool begin_attempt();
  bool attempts_left();

  // Forgets the patch, but not that it is no good.
  void condemn();
  bool condemned(const Offer& offer);
  // Gives a condemned patch another chance.
  void pardon();

  // Power cuts end attempts, too; three in the minutes of one installation are no accident.
  static constexpr std::uint32_t kAttemptsMax = 3;

  static constexpr std::uint32_t kSectorBytes = 4096;

 private:
  void rewind_sector();
  std::uint32_t attempts();
  bool names(std::string_view key, const Offer& offer);

  Flash& flash_;
  KeyValue& kv_;
  std::uint32_t next_ = 0;
};

}  // namespace jambox
