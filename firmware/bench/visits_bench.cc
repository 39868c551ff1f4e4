// The estimate of visits as a WebAssembly module by itself: scripts/visits-bench.ts feeds it the
// frames of a virtual street. Knows no recorder, no reading.
#include "core/visits/visit_estimator.h"

namespace {
jambox::VisitEstimator estimator;
jambox::RadioFrame frame;
}  // namespace

#define EXPORTED(name) extern "C" __attribute__((export_name(#name)))

EXPORTED(start) void start(std::uint32_t salt) { estimator.start({salt, ~salt}); }
EXPORTED(frame_bytes) std::uint8_t* frame_bytes() { return frame.bytes; }
EXPORTED(on_frame) void on_frame(std::uint32_t size, std::int32_t rssi_dbm, double now) {
  frame.size = size;
  frame.rssi_dbm = static_cast<std::int8_t>(rssi_dbm);
  estimator.on_frame(frame, static_cast<jambox::Millis>(now));
}
// All that is due; a unit has it done by ticks shortly after each other.
EXPORTED(tick) void tick(double now) {
  while (estimator.tick(static_cast<jambox::Millis>(now))) continue;
}
// Visits in the high 32 bits, occupancy × 10 in the low ones.
EXPORTED(close_period) std::uint64_t close_period(double length_ms) {
  const auto e = estimator.close_period(static_cast<jambox::Millis>(length_ms));
  return static_cast<std::uint64_t>(e.visits) << 32 | e.occupancy_x10;
}
