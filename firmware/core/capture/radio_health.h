// Notices that a receiver cannot be made to listen: a broken radio must not read as an empty shop.
// The schedule tries again at each hop by itself; after a minute it counts as broken, which the
// heartbeat tells, and after some more the chip is to restart, each time after a longer wait. Knows
// no driver and no frame.
#pragma once

#include <cstdint>

#include "core/base/backoff.h"
#include "core/base/units.h"
#include "core/ports/key_value.h"

namespace jambox {

class RadioHealth {
 public:
  // Bits of broken(), as the heartbeat's `radio` and the console's status carry them.
  static constexpr std::uint8_t kWifi = 1;
  static constexpr std::uint8_t kBle = 2;

  explicit RadioHealth(KeyValue& kv) : kv_(kv) {}

  void start();
  // What came of an order to listen.
  void on_wifi(bool listens, Millis now) { note(wifi_, listens, now); }
  void on_ble(bool listens, Millis now) { note(ble_, listens, now); }
  // Receivers that have not listened for kBrokenMs and longer, or that the chip restarted for and
  // that have not listened since: the first heartbeat must not say that all is well.
  std::uint8_t broken() const { return broken_; }
  // True once when the chip should restart for it.
  bool tick(Millis now, std::uint32_t random, Wake& wake);

  // Two turns of the schedule: each receiver was tried at least twice.
  static constexpr Millis kBrokenMs = 60'000;
  // A driver that a restart cures is cured within five minutes; a radio that is broken for good
  // costs the unit its memory of who is in the shop once a day.
  static constexpr Backoff::Range kRestart{4 * 60'000, 24 * 3'600'000};

 private:
  struct Receiver {
    bool failing = false;
    bool listened = false;   // since the start, and it still does
    bool suspected = false;  // broken before the restart
    Millis since = 0;        // of failing
  };

  void note(Receiver& receiver, bool listens, Millis now);
  static bool is_found(const Receiver& receiver, Millis now) {
    return receiver.failing && now - receiver.since >= kBrokenMs;
  }
  static bool is_broken(const Receiver& receiver, Millis now) {
    return receiver.suspected || is_found(receiver, now);
  }

  KeyValue& kv_;
  Receiver wifi_;
  Receiver ble_;
  Backoff restart_;
  std::uint8_t broken_ = 0;
  bool planned_ = false;        // the restart, while one is found broken
  bool named_ = false;          // the restart, since both listened last
  std::uint32_t restarts_ = 0;  // for this since both listened last
};

}  // namespace jambox
