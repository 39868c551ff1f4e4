// The heartbeat's body and what the backend's answers carry: time, command, configuration version.
// Knows no connection and does nothing about a command.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/text.h"

namespace jambox {

struct HeartbeatContext {
  std::string_view device_id;
  std::string_view firmware;
  std::string_view ack;  // empty: none
  std::int64_t uptime_s = 0;
  int cell_rssi_dbm = 0;             // 0: unknown
  std::uint32_t config_version = 0;  // in use; 0: defaults
  std::string_view note = {};        // what the backend could not know; empty: none
  std::uint8_t radio = 0;            // receivers that do not listen: 1 Wi-Fi, 2 BLE
  std::uint32_t free_heap = 0;       // bytes; 0: unknown
  std::uint32_t least_free_heap = 0;
  std::uint8_t start_reason = 0;  // a number of StartReason; 0: unknown, or taken already
};

// Most memory that the backend believes, KiB.
inline constexpr std::uint32_t kFreeKibMax = 16'384;

// Longest note, as the backend takes it.
inline constexpr std::size_t kNoteMax = 120;

// Appends the body of POST /api/heartbeat.
void add_heartbeat_json(TextBuilder& out, const HeartbeatContext& context);

inline constexpr std::size_t kCommandIdMax = 40;
// A letter for each reading of a batch.
inline constexpr std::size_t kOutcomesMax = 12;

// What any answer of the backend to a unit may carry.
struct BackendAnswer {
  std::optional<std::int64_t> server_time_ms;
  std::optional<std::int64_t> config_version;
  FixedText<31> command;
  FixedText<kCommandIdMax> command_id;
  // Of a batch: what became of each of its readings, `s` stored, `k` known, `r` refused.
  FixedText<kOutcomesMax> outcomes;
};

// False when `body` is no JSON object; fields that are absent or malformed stay empty.
bool parse_backend_answer(std::string_view body, BackendAnswer& answer);

}  // namespace jambox
