// The proof, kept in the state, that the unit's modem once came online: the bench asks for it.
// Knows neither who gathers nor who asks.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/ports/key_value.h"

namespace jambox {

inline constexpr std::string_view kCellularProofKey = "cellular_ok";

inline bool has_cellular_proof(KeyValue& kv) {
  std::uint32_t proof = 0;
  return kv.get_u32(KeyValue::Store::kState, kCellularProofKey, proof) && proof == 1;
}

// False: the store does not take it.
inline bool keep_cellular_proof(KeyValue& kv) { return kv.set_u32(kCellularProofKey, 1); }

}  // namespace jambox
