// The program's log, see unit_log.h.
#include "core/console/unit_log.h"

#include "core/capture/radio_health.h"

namespace jambox {

namespace {
LogLevel info_if(bool ok) { return ok ? LogLevel::kInfo : LogLevel::kWarning; }
}  // namespace

void UnitLog::radio(std::uint8_t broken) {
  if (broken == broken_) return;
  broken_ = broken;
  FixedText<100> text;
  if ((broken & RadioHealth::kWifi) != 0) text.add("the Wi-Fi receiver does not listen; ");
  if ((broken & RadioHealth::kBle) != 0) text.add("the Bluetooth receiver does not listen; ");
  text.add(broken != 0 ? "trying again" : "both receivers listen again");
  events_.log(broken != 0 ? LogLevel::kError : LogLevel::kInfo, "radio", text.view());
}

void UnitLog::dropped(std::uint32_t count) {
  if (count == dropped_) return;
  dropped_ = count;
  FixedText<80> text;
  text.add("the queue is full: the oldest was dropped, ").add_int(count).add(" so far");
  events_.log(LogLevel::kWarning, "reading", text.view());
}

void UnitLog::modem_step(const StepReport& report) {
  if (report.state == StepState::kRunning) return;
  const bool ok = report.state == StepState::kOk;
  FixedText<160> text;
  text.add("step ").add_int(report.number).add(ok ? " ok: " : " not ok: ").add(report.said);
  events_.log(info_if(ok), "modem", text.view());
}

void UnitLog::request(std::string_view path, const HttpResult& result) {
  FixedText<160> text;
  text.add(path).add(' ').add_int(result.status);
  if (result.status == 0) text.add(": ").add(result.why);
  else if (result.status >= 300) text.add(": ").add(result.body.substr(0, 80));
  events_.log(info_if(is_success(result.status)), "http", text.view());
}

void UnitLog::clock(WallClock::Sync sync) {
  if (sync == WallClock::Sync::kImpossible) {
    events_.log(LogLevel::kWarning, "clock",
                "the backend's time is outside 2025 to 2037: not taken");
  }
  if (sync == WallClock::Sync::kDoubtful) {
    events_.log(LogLevel::kWarning, "clock", "the backend's time is far from ours: asking again");
  }
}

void UnitLog::geolocation(bool ok, std::string_view said) {
  FixedText<120> text;
  text.add(ok ? "placed, time zone " : "not placed: ").add(said);
  events_.log(info_if(ok), "geolocation", text.view());
}

void UnitLog::button_held_at_boot() {
  events_.log(LogLevel::kInfo, "button", "held at boot: the modem is brought up anew");
}

void UnitLog::button(ButtonMeaning::Wish wish) {
  switch (wish) {
    case ButtonMeaning::Wish::kNone:
    case ButtonMeaning::Wish::kNotice: return;
    case ButtonMeaning::Wish::kSendNow:
      return events_.log(LogLevel::kInfo, "button", "short press: send now");
    case ButtonMeaning::Wish::kCheckForUpdate:
      return events_.log(LogLevel::kInfo, "button", "long press: asking for an update");
  }
}

void UnitLog::button_refused(std::string_view why) {
  if (!why.empty()) events_.log(LogLevel::kWarning, "button", why);
}

void UnitLog::modem_restarts() {
  events_.log(LogLevel::kWarning, "lifeline",
              "no answer of the backend for long: restarting the modem");
}

std::string_view UnitLog::command_refused(std::string_view name, std::string_view why) {
  note_.clear();
  note_.add("command ").add(name).add(": ").add(why);
  events_.log(LogLevel::kWarning, "command", note_.view());
  return note_.view();
}

std::string_view UnitLog::config_refused(std::string_view why) {
  note_.clear();
  note_.add("configuration: ").add(why);
  events_.log(LogLevel::kWarning, "config", note_.view());
  return note_.view();
}

}  // namespace jambox
