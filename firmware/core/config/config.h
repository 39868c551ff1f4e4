// What the backend can tune on a unit: values, their rules, the backend's JSON and the text kept
// over a restart. A configuration is taken whole or not at all. Knows no storage, no connection.
// Ranges are those of shared/contracts/config.ts.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/counting/counts.h"

namespace jambox {

// One bit per 2.4 GHz channel, bit n for channel n, 1 … 13.
using ChannelSet = std::uint16_t;

struct Config {
  std::uint32_t version = 0;  // 0: the defaults, never given by the backend
  std::uint32_t report_interval_ms = 300'000;
  std::uint32_t heartbeat_interval_ms = 86'400'000;
  Thresholds thresholds;
  ChannelSet channels = 1u << 1 | 1u << 6 | 1u << 11;

  // The same settings, whatever their version.
  bool same_counting(const Config& other) const;
};

// What is wrong with `config`, naming the key; empty = nothing.
std::string_view problem_of(const Config& config);

// Reads the answer of GET /api/config/<id>?full=1. Empty: `out` is the whole, checked
// configuration; else why not, and `out` is as it was. The keys that only `full=1` adds may be
// absent and then have their defaults.
std::string_view parse_config(std::string_view json, Config& out);

// The form kept in the store, its CRC at the end: docs/formats/unit-state.md.
void add_stored_config(TextBuilder& out, const Config& config);
// False unless every byte is as written and the rules hold; `out` is then as it was.
bool read_stored_config(std::string_view text, Config& out);

inline constexpr std::size_t kStoredConfigMax = 120;

}  // namespace jambox
