// The sentences of the production program's log, one method for each event. Knows the words, not
// what is done about anything.
#pragma once

#include <string_view>

#include "core/clock/wall_clock.h"
#include "core/console/events.h"
#include "core/led/button_meaning.h"
#include "core/modem/bringup.h"
#include "core/modem/http_client.h"
#include "core/uplink/uplink.h"

namespace jambox {

class UnitLog {
 public:
  explicit UnitLog(Events& events) : events_(events) {}

  // Bits of RadioHealth::broken(); each change is said once.
  void radio(std::uint8_t broken);
  // Readings lost to a full queue, since first boot; each further one is said once.
  void dropped(std::uint32_t count);
  // So many were lost before this start: no news.
  void dropped_before(std::uint32_t count) { dropped_ = count; }
  // A step; one that still runs is not said.
  void modem_step(const StepReport& report);
  void request(std::string_view path, const HttpResult& result);
  // A time of the backend that was not taken.
  void clock(WallClock::Sync sync);
  void geolocation(bool ok, std::string_view said);
  void button_held_at_boot();
  void button(ButtonMeaning::Wish wish);
  // Why a press did not do what it means; empty: it did.
  void button_refused(std::string_view why);
  // The lifeline's remedy; the chip's restart is said by who restarts it.
  void modem_restarts();
  // What the backend should read, too; valid until the next of these two.
  std::string_view command_refused(std::string_view name, std::string_view why);
  std::string_view config_refused(std::string_view why);

 private:
  Events& events_;
  FixedText<kNoteMax> note_;
  std::uint32_t dropped_ = 0;
  std::uint8_t broken_ = 0;
};

}  // namespace jambox
