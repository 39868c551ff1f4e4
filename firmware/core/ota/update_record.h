// What is remembered of an update over restarts besides the patch: which image is on trial, and an
// outcome that the backend does not know yet. Kept in the key-value store, see
// docs/formats/ota-state.md. Knows no rule about either.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/sha256.h"
#include "core/ota/offer.h"
#include "core/ports/key_value.h"

namespace jambox {

// The contract allows 200 characters.
inline constexpr std::size_t kUpdateErrorMax = 120;

class UpdateRecord {
 public:
  explicit UpdateRecord(KeyValue& kv) : kv_(kv) {}

  using Digest = std::uint8_t[Sha256::kBytes];

  // The image with this digest is to be tried; it is version `target`. False: not stored.
  bool set_trial(const Digest& digest, std::string_view target);
  // False: there is none.
  bool trial(Digest& digest, TextBuilder& target);
  void clear_trial();

  // How the update to `target` ended; empty `error`: well.
  void set_outcome(std::string_view target, std::string_view error);
  // False: nothing is left to tell.
  bool outcome(TextBuilder& target, TextBuilder& error);
  void clear_outcome();

 private:
  KeyValue& kv_;
};

}  // namespace jambox
