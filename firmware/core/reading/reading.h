// One period's reading and its JSON as the device API wants it. Knows no queue, no sending.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/text.h"
#include "core/base/units.h"
#include "core/counting/counts.h"

namespace jambox {

struct Reading {
  std::uint32_t seq = 0;  // counts readings since first boot
  Millis start = 0;       // of the counting span, since boot
  Millis end = 0;
  // Start by the synced clock; 0 while unknown. Once sent it never changes: it is the key.
  std::int64_t start_unix_s = 0;
  bool sent_before = false;
  std::uint32_t boot = 0;  // number of the start of the unit that `start` and `end` count from
  bool has_visits = true;  // false: counted by a program that did not estimate them
  Counts counts;

  bool operator==(const Reading&) const = default;
};

// What a reading says about its unit at the moment of sending.
struct SendContext {
  std::string_view device_id;
  std::string_view firmware;
  std::string_view ack;          // empty: none
  std::int64_t boot_unix_s = 0;  // 0: clock not synced
  int cell_rssi_dbm = 0;         // 0: unknown
  std::uint32_t queued_behind = 0;
  std::uint32_t send_failures = 0;
  Millis now = 0;
  std::int64_t age_s = -1;  // −1: `now` less the reading's end, which then are of one boot
};

// Appends the body of POST /api/reading, compact, keys in the order of the device API. Figures that
// were not measured are left out.
void add_reading_json(TextBuilder& out, const Reading& reading, const SendContext& context);

// Longest body: every count at its limit is below this.
inline constexpr std::size_t kReadingJsonMax = 900;

}  // namespace jambox
