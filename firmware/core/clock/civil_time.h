// Unix seconds to and from ISO 8601 UTC, in the proleptic Gregorian calendar. Knows no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/text.h"

namespace jambox {

// `2026-01-29T10:00:00.123456+00:00`, `…Z` or without zone (then UTC) → Unix milliseconds.
// Nothing when malformed or outside 2000 … 2099.
std::optional<std::int64_t> parse_iso_time_ms(std::string_view text);

// Appends `2026-01-29T10:00:00Z`. `unix_s` within 1970 … 9999.
void add_iso_time(TextBuilder& out, std::int64_t unix_s);

}  // namespace jambox
