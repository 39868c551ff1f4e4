// The sentences of the production program's log, one method for each event. Knows the words, not
// what is done about anything.
#pragma once

#include <string_view>

#include "core/clock/wall_clock.h"
#include "core/console/events.h"
#include "core/modem/bringup.h"
#include "core/modem/http_client.h"
#include "core/uplink/uplink.h"

namespace jambox {

class UnitLog {
 public:
  explicit UnitLog(Events& events) : events_(events) {}

  // Bits of RadioHealth::broken().
  void radio(std::uint8_t broken);
  // Readings lost to a full queue, since first boot.
  void dropped(std::uint32_t count);
  // A step that has ended.
  void modem_step(const StepReport& report);
  void request(std::string_view path, const HttpResult& result);
  // A time of the backend that was not taken.
  void clock(WallClock::Sync sync);
  void geolocation(bool ok, std::string_view said);
  // What the backend should read, too; valid until the next of these two.
  std::string_view command_refused(std::string_view name, std::string_view why);
  std::string_view config_refused(std::string_view why);

 private:
  Events& events_;
  FixedText<kNoteMax> note_;
};

}  // namespace jambox
