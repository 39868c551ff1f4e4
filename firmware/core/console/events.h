// Console records and log lines of the unit, one method per kind, as shared/console/records.ts
// names them. Knows no bytes and no reasons.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/console/console_stream.h"
#include "core/console/log_level.h"
#include "core/led/led.h"
#include "core/modem/bringup.h"
#include "core/modem/link.h"
#include "core/ports/system.h"
#include "core/uplink/uplink.h"

namespace jambox {

class Events {
 public:
  explicit Events(ConsoleStream& out) : out_(out) {}

  // Time since boot that the following events carry.
  void set_now(Millis now) { now_ = now; }

  void boot(std::string_view app, std::string_view version, ResetReason reset);
  void bringup(const StepReport& report);
  void bringup_done(bool ok, std::uint8_t step, std::string_view address);
  void led(LedPattern pattern);
  void net(LinkState state, std::string_view said);
  void heartbeat(const HeartbeatReport& report);
  void reading(const ReadingReport& report);
  void command(std::string_view name);
  // `version`: in use. Not ok: another one is not used, `said` is why.
  void config(bool ok, std::uint32_t version, std::string_view said);
  void at_line(std::int64_t re, std::string_view line);
  void live(const Counts& counts);

  // `I (1234) tag: text`; the level as I, W or E.
  void log(LogLevel level, std::string_view tag, std::string_view text);

 private:
  ConsoleStream& out_;
  Millis now_ = 0;
  FixedText<kRecordMax> json_;
};

}  // namespace jambox
