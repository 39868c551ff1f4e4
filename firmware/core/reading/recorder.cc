// Reading recorder, see recorder.h.
#include "core/reading/recorder.h"

namespace jambox {

namespace {
constexpr std::string_view kSeqKey = "seq";
constexpr Millis kMinuteMs = 60'000;
constexpr std::int64_t kDayMs = 86'400'000;
}  // namespace

void Recorder::start(Millis now) {
  parts_.kv.get_u32(KeyValue::Store::kState, kSeqKey, seq_);
  // A wiped or full store knows less than the readings in flash.
  if (parts_.queue.seq_max() > seq_) seq_ = parts_.queue.seq_max();
  period_.begin(now, parts_.clock);
}

// Minutes are numbered from boot, so that setting the clock renumbers none; once it is set they
// begin with civil minutes.
std::uint32_t Recorder::minute_at(Millis now) {
  const auto phase =
      static_cast<Millis>(parts_.clock.unix_ms_of(0) % static_cast<std::int64_t>(kMinuteMs));
  const auto minute = static_cast<std::uint32_t>((now + phase) / kMinuteMs);
  if (minute > last_minute_) last_minute_ = minute;
  return last_minute_;
}

bool Recorder::tick(Millis now, Wake& wake) {
  const std::uint32_t before = last_minute_;
  const std::uint32_t minute = minute_at(now);
  int frames = 0;
  while (frames < kFramesPerTick && parts_.radio.next(frame_)) {
    parts_.counter.on_frame(frame_, minute);
    parts_.visits.on_frame(frame_, now);
    ++frames;
  }
  if (frames == kFramesPerTick) wake.soon();
  if (minute != before) parts_.counter.on_minute(minute);
  if (parts_.visits.tick(now)) wake.at(now + VisitEstimator::kBacklogMs);
  watch_midnight(now);
  Millis end = period_.end(parts_.clock);
  bool closed = false;
  if (now >= end) {
    // After a long stall the span may be longer than a period; it is one reading, truly dated.
    while (end + period_.length_ms() <= now) end += period_.length_ms();
    close(end);
    closed = true;
    end = period_.end(parts_.clock);
  }
  wake.at(end);
  return closed;
}

// No identifier lives across days.
void Recorder::watch_midnight(Millis now) {
  const std::int64_t unix_ms = parts_.clock.unix_ms(now);
  const std::int64_t day = (unix_ms != 0 ? unix_ms : static_cast<std::int64_t>(now)) / kDayMs;
  if (day == day_) return;
  if (day_ != 0) parts_.counter.forget(), parts_.visits.forget();
  day_ = day;
}

bool Recorder::close_now(Millis now) {
  if (!period_.may_close(now, parts_.clock)) return false;
  close(now);
  return true;
}

void Recorder::close(Millis at) {
  Reading reading;
  reading.seq = ++seq_;
  reading.start = period_.start();
  reading.end = at;
  reading.start_unix_s = period_.start_unix_s();
  reading.counts = parts_.counter.close_period();
  const VisitEstimate estimate = parts_.visits.close_period(at - period_.start());
  reading.counts.visits = estimate.visits;
  reading.counts.occupancy_x10 = estimate.occupancy_x10;
  parts_.kv.set_u32(kSeqKey, seq_);  // a full store costs the number's continuity, no count
  parts_.queue.push(reading);
  period_.begin(at, parts_.clock);
}

}  // namespace jambox
