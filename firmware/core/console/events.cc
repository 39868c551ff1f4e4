// Console events, see events.h.
#include "core/console/events.h"

#include "core/json/json_writer.h"

namespace jambox {

namespace {

std::string_view state_name(StepState state) {
  switch (state) {
    case StepState::kRunning: return "running";
    case StepState::kOk: return "ok";
    case StepState::kWarning: return "warning";
    case StepState::kFailed: return "failed";
  }
  return {};
}

std::string_view state_name(LinkState state) {
  switch (state) {
    case LinkState::kAttaching:
    case LinkState::kSearching: return "searching";
    case LinkState::kOnline: return "online";
    case LinkState::kOffline: return "offline";
  }
  return {};
}

std::string_view reset_name(ResetReason reason) {
  switch (reason) {
    case ResetReason::kPowerOn: return "power_on";
    case ResetReason::kSoftware: return "software";
    case ResetReason::kResetLine: return "reset_line";
    case ResetReason::kCrash: return "crash";
    case ResetReason::kWatchdog: return "watchdog";
    case ResetReason::kBrownOut: return "brown_out";
    case ResetReason::kUnknown: break;
  }
  return "unknown";
}

char level_letter(LogLevel level) {
  if (level == LogLevel::kInfo) return 'I';
  return level == LogLevel::kWarning ? 'W' : 'E';
}

// One event record: begins with its name and time, goes out when it ends.
class EventRecord {
 public:
  EventRecord(ConsoleStream& out, TextBuilder& json, std::string_view name, Millis now)
      : out_(out), json_(cleared(json)), fields(json) {
    fields.text("ev", name).integer("t", static_cast<std::int64_t>(now));
  }
  ~EventRecord() {
    fields.end();
    out_.put_record(json_.view());
  }
  EventRecord(const EventRecord&) = delete;
  EventRecord& operator=(const EventRecord&) = delete;

 private:
  static TextBuilder& cleared(TextBuilder& json) {
    json.clear();
    return json;
  }
  ConsoleStream& out_;
  TextBuilder& json_;

 public:
  JsonWriter fields;  // after json_, which must be empty when it begins
};

}  // namespace

void Events::boot(std::string_view app, std::string_view version, ResetReason reset) {
  EventRecord event(out_, json_, "boot", now_);
  event.fields.text("app", app).text("version", version).text("reset", reset_name(reset));
}

void Events::bringup(const StepReport& report) {
  EventRecord event(out_, json_, "bringup", now_);
  event.fields.integer("step", report.number).text("state", state_name(report.state));
  event.fields.integer("try", report.attempt);
  if (!report.said.empty()) event.fields.text("said", report.said);
}

void Events::bringup_done(bool ok, std::uint8_t step, std::string_view address) {
  EventRecord event(out_, json_, "bringup_done", now_);
  event.fields.boolean("ok", ok).integer("step", step);
  if (!address.empty()) event.fields.text("address", address);
}

void Events::led(LedPattern pattern) {
  EventRecord event(out_, json_, "led", now_);
  event.fields.text("pattern", led_pattern_name(pattern));
}

void Events::net(LinkState state, std::string_view said) {
  EventRecord event(out_, json_, "net", now_);
  event.fields.text("state", state_name(state));
  if (!said.empty()) event.fields.text("said", said);
}

void Events::heartbeat(const HeartbeatReport& report) {
  EventRecord event(out_, json_, "heartbeat", now_);
  event.fields.boolean("ok", report.ok).integer("status", report.status);
  event.fields.boolean("clock_synced", report.clock_synced);
  if (report.config_version) event.fields.integer("config_version", *report.config_version);
}

void Events::reading(const ReadingReport& report) {
  EventRecord event(out_, json_, "reading", now_);
  event.fields.boolean("ok", report.ok).integer("status", report.status);
  event.fields.integer("start", report.reading.start_unix_s).integer("seq", report.reading.seq);
  event.fields.integer("impressions", report.reading.counts.impressions);
  event.fields.integer("device_minutes", report.reading.counts.device_minutes);
  event.fields.integer("queue", report.queue);
}

void Events::command(std::string_view name) {
  EventRecord event(out_, json_, "command", now_);
  event.fields.text("name", name);
}

void Events::config(bool ok, std::uint32_t version, std::string_view said) {
  EventRecord event(out_, json_, "config", now_);
  event.fields.boolean("ok", ok).integer("version", version);
  if (!said.empty()) event.fields.text("said", said);
}

void Events::at_line(std::int64_t re, std::string_view line) {
  EventRecord event(out_, json_, "at", now_);
  event.fields.integer("re", re).text("line", line);
}

void Events::live(const Counts& counts) {
  EventRecord event(out_, json_, "live", now_);
  event.fields.integer("impressions", counts.impressions);
  event.fields.integer("device_minutes", counts.device_minutes);
  event.fields.integer("rejected_static", counts.rejected_static);
  event.fields.integer("ble", counts.ble_impressions);
}

void Events::log(LogLevel level, std::string_view tag, std::string_view text) {
  FixedText<200> line;
  line.add(level_letter(level)).add(" (").add_int(static_cast<std::int64_t>(now_)).add(") ");
  line.add(tag).add(": ");
  // A record separator in what the modem said must not begin a record.
  for (const char c : text) line.add(printable(c));
  out_.put_line(line.view());
}

}  // namespace jambox
