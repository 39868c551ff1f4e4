// Production program, see jambox_app.h.
#include "apps/jambox/jambox_app.h"

#include "apps/jambox/memory_budget.h"
#include "apps/version.h"
#include "core/base/crc.h"

namespace jambox {

namespace {
constexpr std::string_view kClockKey = "clock";  // Unix seconds at a restart of our own
}  // namespace

JamBoxApp::JamBoxApp(const Ports& ports)
    : ports_(ports),
      stream_(ports.console),
      events_(stream_),
      led_(ports.led, *this),
      button_(ports.buttons),
      at_(ports.modem),
      link_(at_, *this),
      tcp_(at_),
      http_(tcp_, endpoint_),
      geolocation_(ports.radio, identity_, *this),
      radio_(ports.radio, geolocation_),
      radio_health_(ports.kv),
      schedule_(radio_, radio_health_),
      journal_(ports.readings),
      recorder_({radio_, counter_, clock_, queue_, ports.kv, visits_}),
      uplink_({http_, clock_, queue_, ports.kv, *this}, identity_, kFirmwareVersion),
      config_(ports.kv, identity_, *this),
      update_({ports.patch, ports.slots, ports.kv, *this}, identity_, kFirmwareVersion),
      lifeline_(ports.kv),
      server_({stream_, events_, at_, ports.kv, ports.system, *this}, "jambox", kFirmwareVersion,
              identity_) {}

void JamBoxApp::start() {
  now_ = ports_.clock.uptime_ms();
  events_.set_now(now_);
  at_.set_listener(this);
  identity_.load(ports_.kv);
  settings_ = identity_.modem();
  endpoint_ = {identity_.host(), identity_.port(), identity_.token()};
  stream_.set_secret(identity_.token());
  events_.boot("jambox", kFirmwareVersion, ports_.system.reset_reason());
  update_.start(now_);
  if (!identity_.valid()) {
    led_.show(LedPattern::kFailed);
    events_.log(LogLevel::kError, "identity", identity_.problem());
    return;
  }
  events_.log(LogLevel::kInfo, "identity", identity_.device_id());
  const std::string_view id = identity_.device_id();
  queue_.open(journal_, crc32(id.data(), id.size()));
  dropped_said_ = queue_.dropped();
  take_up_clock();
  uplink_.start();
  uplink_.keep_refused(update_.may_go_back());
  uplink_.set_tasks(urgent_, patient_);
  const auto half = [this] {
    return static_cast<std::uint64_t>(ports_.system.random()) << 32 | ports_.system.random();
  };
  visits_.start({half(), half()});
  recorder_.start(now_);
  config_.start();
  radio_health_.start();
  schedule_.start(now_);
  // Only a unit without power can have been carried elsewhere.
  geolocation_.start(ports_.system.reset_reason() == ResetReason::kPowerOn, now_);
  lifeline_.start();
  start_modem();
}

// The top button, held at boot, asks for the bring-up of a fresh unit.
void JamBoxApp::start_modem() {
  fresh_ = button_spent_ = ports_.buttons.top_pressed();
  if (fresh_) events_.log(LogLevel::kInfo, "button", "held at boot: the modem is brought up anew");
  link_.start(settings_, fresh_, now_);
}

// Across a restart of our own the time goes on; what was kept is of no use after any other.
void JamBoxApp::take_up_clock() {
  std::uint32_t unix_s = 0;
  if (!ports_.kv.get_u32(KeyValue::Store::kState, kClockKey, unix_s)) return;
  ports_.kv.erase(kClockKey);
  if (ports_.system.reset_reason() != ResetReason::kSoftware) return;
  clock_.sync(static_cast<std::int64_t>(unix_s) * 1000 + static_cast<std::int64_t>(now_), now_);
}

std::uint32_t JamBoxApp::tick() {
  now_ = ports_.clock.uptime_ms();
  events_.set_now(now_);
  Wake wake(now_);
  at_.tick(now_, wake);
  if (identity_.valid()) {
    tick_counting(wake);
    tick_modem(wake);
    tick_lifeline(wake);
    led_.show(lasting_pattern());
  }
  tick_button(wake);
  tick_live(wake);
  update_.tick(now_, wake);
  server_.tick(now_, wake);
  led_.tick(now_, wake);
  tick_restart(wake);
  at_.tick(now_, wake);  // what was started just now goes out at once
  stream_.flush();
  if (!stream_.flushed()) wake.at(now_ + 10);
  if (lifeline_.alive(now_)) ports_.system.feed_watchdog();
  return wake.delay_ms();
}

void JamBoxApp::tick_counting(Wake& wake) {
  schedule_.tick(now_, wake);
  recorder_.tick(now_, wake);
  geolocation_.tick(now_, wake);
  tell_dropped();
  tick_radio_health(wake);
}

// A restart ends a trial, and should: perhaps it is the new image that cannot make them listen.
void JamBoxApp::tick_radio_health(Wake& wake) {
  const std::uint8_t before = radio_health_.broken();
  const bool restart = radio_health_.tick(now_, ports_.system.random(), wake);
  const std::uint8_t broken = radio_health_.broken();
  uplink_.set_radio(broken, now_);
  if (broken != before) {
    FixedText<80> text;
    if ((broken & RadioHealth::kWifi) != 0) text.add("the Wi-Fi receiver does not listen; ");
    if ((broken & RadioHealth::kBle) != 0) text.add("the Bluetooth receiver does not listen; ");
    text.add(broken != 0 ? "trying again" : "both receivers listen again");
    events_.log(broken != 0 ? LogLevel::kError : LogLevel::kInfo, "radio", text.view());
  }
  if (restart) restart_soon("a receiver does not listen");
}

void JamBoxApp::tell_dropped() {
  if (queue_.dropped() == dropped_said_) return;
  dropped_said_ = queue_.dropped();
  FixedText<80> text;
  text.add("the queue is full: the oldest was dropped, ").add_int(dropped_said_).add(" so far");
  events_.log(LogLevel::kWarning, "reading", text.view());
}

void JamBoxApp::tick_modem(Wake& wake) {
  tcp_.tick(now_, wake);
  http_.tick(now_, wake);
  const std::uint32_t random = ports_.system.random();
  link_.tick(now_, !http_.busy(), random, wake);
  const bool free = link_.ready(now_) && !at_.busy() && restart_at_ == 0;
  uplink_.tick(now_, free, link_.signal_dbm(), random, wake);
  tcp_.tick(now_, wake);
}

void JamBoxApp::tick_button(Wake& wake) {
  const auto press = button_.tick(now_, wake);
  if (press == TopButton::Press::kNone) return;
  if (press == TopButton::Press::kDown) {
    return led_.flash(LedPattern::kButton, now_ + kButtonFlashMs);
  }
  if (button_spent_) {
    button_spent_ = false;
    return;
  }
  if (press == TopButton::Press::kLong) {
    events_.log(LogLevel::kInfo, "button", "long press: asking for an update");
    return update_.check_now();
  }
  events_.log(LogLevel::kInfo, "button", "short press: send now");
  const std::string_view problem = send_now();
  if (!problem.empty()) events_.log(LogLevel::kWarning, "button", problem);
}

void JamBoxApp::tick_live(Wake& wake) {
  if (!live_) return;
  if (now_ >= live_at_) {
    live_at_ = now_ + kLiveMs;
    events_.live(counter_.counts());
  }
  wake.at(live_at_);
}

void JamBoxApp::tick_lifeline(Wake& wake) {
  const bool wanting = !link_.online() || uplink_.wanting(now_);
  switch (lifeline_.tick(now_, wanting, ports_.system.random(), wake)) {
    case Lifeline::Remedy::kNone: return;
    case Lifeline::Remedy::kRestartModem:
      events_.log(LogLevel::kWarning, "lifeline",
                  "no answer of the backend for long: restarting the modem");
      return link_.restart_modem("restarting the modem");
    case Lifeline::Remedy::kRestartChip: return restart_soon("no answer of the backend for hours");
  }
}

void JamBoxApp::restart_soon(std::string_view why) {
  FixedText<80> text;
  events_.log(LogLevel::kWarning, "app", text.add("restart: ").add(why).view());
  restart_at_ = now_ + kRestartMs;
}

// Any restart ends a trial, so one that can wait does. `why` must stay valid.
void JamBoxApp::restart_after_trial(std::string_view why) {
  if (!update_.on_trial()) return restart_soon(why);
  FixedText<120> text;
  events_.log(LogLevel::kWarning, "app",
              text.add("restart waits for the end of the trial: ").add(why).view());
  restart_later_ = why;
}

void JamBoxApp::tick_restart(Wake& wake) {
  // One that ends the trial is as good as the one that waits.
  if (restart_at_ == 0 && !restart_later_.empty() && !update_.on_trial()) {
    restart_soon(restart_later_);
  }
  if (restart_at_ == 0) return;
  if (now_ >= restart_at_) {
    before_restart();
    ports_.system.restart();
  }
  wake.at(restart_at_);
}

void JamBoxApp::before_reboot_answer() {
  if (!update_.on_trial()) return;
  events_.log(LogLevel::kWarning, "update",
              "this restart ends the trial: the earlier version starts");
}

// What was counted is stored, and the time goes on behind the restart.
void JamBoxApp::before_restart() {
  if (prepared_ || !identity_.valid()) return;
  prepared_ = true;
  recorder_.close_now(now_);
  if (!clock_.synced() || !keep_clock_) return;
  ports_.kv.set_u32(kClockKey, static_cast<std::uint32_t>(clock_.unix_ms(now_) / 1000));
}

LedPattern JamBoxApp::lasting_pattern() const {
  if (update_.installing()) return LedPattern::kUpdating;
  if (!modem_answered_ && link_.attaching()) return LedPattern::kBooting;
  if (link_.state() == LinkState::kOffline) return LedPattern::kFailed;
  if (!link_.online()) return LedPattern::kSearching;
  if (http_.busy()) return LedPattern::kSending;
  const bool failing = uplink_.send_failures() > 0 || refused_;
  return failing ? LedPattern::kSendFailed : LedPattern::kConnected;
}

void JamBoxApp::on_link(LinkState state, std::string_view said) {
  events_.net(state, said);
  if (fresh_ && (state == LinkState::kOnline || state == LinkState::kOffline)) {
    fresh_ = false;
    const bool ok = state == LinkState::kOnline;
    if (ok) ports_.kv.set_u32("cellular_ok", 1);
    events_.bringup_done(ok, last_step_, ok ? said : std::string_view());
  }
  if (state == LinkState::kOnline) uplink_.hurry();
}

void JamBoxApp::on_link_step(const StepReport& report) {
  last_step_ = report.number;
  if (fresh_) events_.bringup(report);
  if (report.state == StepState::kRunning) return;
  if (report.state == StepState::kOk) modem_answered_ = true;
  FixedText<160> text;
  text.add("step ").add_int(report.number);
  text.add(report.state == StepState::kOk ? " ok: " : " not ok: ").add(report.said);
  events_.log(report.state == StepState::kOk ? LogLevel::kInfo : LogLevel::kWarning, "modem",
              text.view());
}

void JamBoxApp::on_request_done(std::string_view path, const HttpResult& result) {
  if (result.connected) link_.on_connected();
  else link_.on_connect_failed();
  if (result.status != 0) lifeline_.on_answer();
  FixedText<160> text;
  text.add(path).add(' ').add_int(result.status);
  if (result.status == 0) text.add(": ").add(result.why);
  else if (result.status >= 300) text.add(": ").add(result.body.substr(0, 80));
  events_.log(is_success(result.status) ? LogLevel::kInfo : LogLevel::kWarning, "http",
              text.view());
}

void JamBoxApp::on_heartbeat(const HeartbeatReport& report) {
  refused_ = !report.ok;
  events_.heartbeat(report);
  if (report.config_version) config_.on_announced(*report.config_version, now_);
  switch (report.clock) {
    case WallClock::Sync::kTaken: return;
    case WallClock::Sync::kImpossible:
      return events_.log(LogLevel::kWarning, "clock",
                         "the backend's time is outside 2025 to 2037: not taken");
    case WallClock::Sync::kDoubtful:
      return events_.log(LogLevel::kWarning, "clock",
                         "the backend's time is far from ours: asking again");
    case WallClock::Sync::kAhead:
      keep_clock_ = false;
      update_.excuse_trial();  // who lives in the future cannot deliver
      return restart_after_trial("the clock was set wrong before, and never goes back");
  }
}

void JamBoxApp::on_reading(const ReadingReport& report) {
  if (report.ok) {
    led_.flash(LedPattern::kSent, now_ + kSentMs);
    update_.on_delivered(now_);
    uplink_.keep_refused(update_.may_go_back());
  }
  events_.reading(report);
  if (report.config_version) config_.on_announced(*report.config_version, now_);
}

void JamBoxApp::on_command(std::string_view name, bool remembered) {
  events_.command(name);
  const std::string_view problem = run_command(name, remembered);
  if (problem.empty()) return;
  FixedText<kNoteMax> text;
  text.add("command ").add(name).add(": ").add(problem);
  events_.log(LogLevel::kWarning, "command", text.view());
  uplink_.note(text.view(), now_);
}

// Why it is not carried out; empty: it is.
std::string_view JamBoxApp::run_command(std::string_view name, bool remembered) {
  // It would find the old id behind the restart, and the command waiting as before: for ever.
  const bool repeats = name == "reboot" && !remembered;
  if (repeats) return "not carried out, its id could not be stored";
  if (name == "send_now") send_now();
  else if (name == "reboot") restart_after_trial("the backend asked for it");
  else if (name == "fetch_config") config_.fetch_now(now_);
  else if (name == "geolocate") geolocation_.scan_now(now_);
  else if (name == "ota_check") update_.check_now();
  else return "not known to this version";
  return {};
}

void JamBoxApp::on_config(const Config& config) {
  if (!config.same_counting(applied_)) {
    // In this order: what was counted until now was counted the old way.
    recorder_.set_interval(config.report_interval_ms, now_);
    counter_.set_thresholds(config.thresholds);
    visits_.set_near_dbm(config.thresholds.zone_dbm[1]);
    schedule_.set_channels(config.channels);
  }
  applied_ = config;
  uplink_.set_heartbeat_interval(config.heartbeat_interval_ms);
  uplink_.set_config_version(config.version);
  events_.config(true, config.version, {});
}

void JamBoxApp::on_config_problem(std::string_view why) {
  FixedText<kNoteMax> text;
  text.add("configuration: ").add(why);
  events_.log(LogLevel::kWarning, "config", text.view());
  events_.config(false, config_.config().version, why);
  uplink_.note(text.view(), now_);
}

void JamBoxApp::on_geolocation(bool ok, std::string_view said) {
  FixedText<120> text;
  text.add(ok ? "placed, time zone " : "not placed: ").add(said);
  events_.log(ok ? LogLevel::kInfo : LogLevel::kWarning, "geolocation", text.view());
}

void JamBoxApp::on_led(LedPattern pattern) { events_.led(pattern); }

void JamBoxApp::on_unsolicited(std::string_view line) {
  link_.on_unsolicited(line);
  tcp_.on_unsolicited(line);
}

void JamBoxApp::on_received(std::string_view piece) { tcp_.on_received(piece); }

void JamBoxApp::on_update(LogLevel level, std::string_view text) {
  events_.log(level, "update", text);
}

void JamBoxApp::on_update_restart() { restart_soon("the update asked for it"); }

UnitStatus JamBoxApp::status() {
  UnitStatus status;
  status.led = led_.pattern();
  status.cereg = link_.registration();
  status.rssi_dbm = link_.signal_dbm();
  status.online = link_.online();
  status.clock_synced = clock_.synced();
  status.time = clock_.unix_ms(now_) / 1000;
  status.queue = queue_.size();
  status.send_failures = uplink_.send_failures();
  status.sent = uplink_.sent();
  status.dropped = queue_.dropped();
  status.refused = uplink_.refused();
  status.config_version = applied_.version;
  status.radio = radio_health_.broken();
  return status;
}

std::string_view JamBoxApp::provision(bool) {
  return "the production program has no bring-up to run; flash the provisioning program";
}

std::string_view JamBoxApp::send_now() {
  if (!identity_.valid()) return identity_.problem();
  recorder_.close_now(now_);  // within a second of the last close there is nothing to add
  uplink_.hurry();
  return {};
}

std::string_view JamBoxApp::set_live(bool on) {
  live_ = on;
  live_at_ = now_;
  return {};
}

std::string_view JamBoxApp::modem_in_use() {
  if (http_.busy()) return "the modem is talking to the backend; try again in a few seconds";
  if (link_.attaching() && link_.state() != LinkState::kSearching) {
    return "the modem is coming online; try again in a few seconds";
  }
  return {};
}

}  // namespace jambox
