// Notices that nothing reaches the backend any more and says what to try: the modem's restart, then
// the chip's, each after a longer time than before (docs/decisions/0028). Also says whether the
// hardware watchdog may still be fed. Knows neither modem nor chip.
#pragma once

#include <cstdint>

#include "core/base/backoff.h"
#include "core/base/units.h"
#include "core/ports/key_value.h"

namespace jambox {

class Lifeline {
 public:
  enum class Remedy : std::uint8_t { kNone, kRestartModem, kRestartChip };

  explicit Lifeline(KeyValue& kv) : kv_(kv) {}

  void start();
  // The backend answered, whatever it said.
  void on_answer();
  // `wanting`: something should reach the backend, or the modem is not online. What to do now; each
  // remedy is named once.
  Remedy tick(Millis now, bool wanting, std::uint32_t random, Wake& wake);
  // False when the chip's restart was named and has not come.
  bool alive(Millis now) const { return restart_by_ == 0 || now < restart_by_; }
  // Restarts of the chip since the last answer.
  std::uint32_t restarts() const { return restarts_; }

  // A modem that searches gets 5 minutes and pauses of up to 10 by itself; a unit that is merely in
  // a shadow must not lose its search to a restart each time.
  static constexpr Backoff::Range kModem{30 * 60'000, 4 * 3'600'000};
  // The queue holds eight hours of readings: with the jitter of a quarter the first restart comes
  // before any is lost. A day without a network costs two restarts, a week eight.
  static constexpr Backoff::Range kChip{6 * 3'600'000, 24 * 3'600'000};
  // From naming the chip's restart to it; then the hardware watchdog is no longer fed.
  static constexpr Millis kGraceMs = 10'000;

 private:
  KeyValue& kv_;
  Backoff modem_;
  Backoff chip_;
  bool silent_ = false;    // the times below run
  bool answered_ = false;  // since the last tick
  std::uint32_t restarts_ = 0;
  Millis restart_by_ = 0;
};

}  // namespace jambox
