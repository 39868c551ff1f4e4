// Production program, see jambox_app.h.
#include "apps/jambox/jambox_app.h"

#include "apps/jambox/memory_budget.h"
#include "apps/version.h"
#include "core/actions/backend_command.h"
#include "core/base/crc.h"

namespace jambox {

JamBoxApp::JamBoxApp(const Ports& ports)
    : ports_(ports),
      stream_(ports.console),
      events_(stream_),
      log_(events_),
      led_(ports.led, *this),
      button_({ports.buttons, led_, log_, *this}),
      at_(ports.modem),
      link_(at_, *this),
      fresh_bringup_(events_, ports.kv),
      tcp_(at_),
      http_(tcp_, endpoint_),
      clock_keeper_(ports.kv, clock_),
      geolocation_(ports.radio, identity_, *this),
      radio_(ports.radio, geolocation_),
      radio_health_(ports.kv),
      schedule_(radio_, radio_health_),
      journal_(ports.readings),
      recorder_({radio_, counter_, clock_, queue_, ports.kv, visits_}),
      live_(events_, counter_),
      config_applier_({recorder_, counter_, visits_, schedule_}),
      uplink_({http_, clock_, queue_, ports.kv, *this, ports.system}, identity_, kFirmwareVersion),
      config_(ports.kv, identity_, *this),
      update_({ports.patch, ports.slots, ports.kv, *this}, identity_, kFirmwareVersion),
      lifeline_(ports.kv),
      start_memory_(ports.kv),
      restart_(ports.system, events_, *this),
      clock_remedy_(clock_keeper_, update_, restart_),
      server_({stream_, events_, at_, ports.kv, ports.system, restart_, *this}, "jambox",
              kFirmwareVersion, identity_) {}

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
  log_.dropped_before(queue_.dropped());
  clock_keeper_.take_up(ports_.system.reset_reason(), now_);
  uplink_.start();
  uplink_.set_start_reason(start_memory_.take_up(ports_.system.reset_reason()));
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
  const bool fresh = button_.held_at_boot();
  if (fresh) fresh_bringup_.start();
  link_.start(settings_, fresh, now_);
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
    led_.show(led_pattern());
  }
  button_.tick(now_, wake);
  live_.tick(now_, wake);
  update_.tick(now_, wake);
  server_.tick(now_, wake);
  led_.tick(now_, wake);
  restart_.tick(now_, wake);
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
  log_.dropped(queue_.dropped());
  tick_radio_health(wake);
}

// A restart ends a trial, and should: perhaps it is the new image that cannot make them listen.
void JamBoxApp::tick_radio_health(Wake& wake) {
  const bool restart = radio_health_.tick(now_, ports_.system.random(), wake);
  uplink_.set_radio(radio_health_.broken(), now_);
  log_.radio(radio_health_.broken());
  if (restart) restart_.soon(RestartReason::kReceiver, now_);
}

void JamBoxApp::tick_modem(Wake& wake) {
  tcp_.tick(now_, wake);
  http_.tick(now_, wake);
  const std::uint32_t random = ports_.system.random();
  link_.tick(now_, !http_.busy(), random, wake);
  const bool free = link_.ready(now_) && !at_.busy() && !restart_.is_near();
  uplink_.tick(now_, free, link_.signal_dbm(), random, wake);
  tcp_.tick(now_, wake);
}

void JamBoxApp::tick_lifeline(Wake& wake) {
  const bool wanting = !link_.online() || uplink_.wanting(now_);
  switch (lifeline_.tick(now_, wanting, ports_.system.random(), wake)) {
    case Lifeline::Remedy::kNone: return;
    case Lifeline::Remedy::kRestartModem: log_.modem_restarts(); return link_.restart_modem();
    case Lifeline::Remedy::kRestartChip: return restart_.soon(RestartReason::kSilence, now_);
  }
}

// What was counted is stored, the time goes on behind the restart, and why it came is told there.
void JamBoxApp::before_restart(StartReason why) {
  if (!identity_.valid()) return;
  start_memory_.keep(why);
  recorder_.close_now(now_);
  clock_keeper_.keep(now_);
}

LedPattern JamBoxApp::led_pattern() const {
  return lasting_pattern({.installing = update_.installing(),
                          .modem_answered = link_.modem_answered(),
                          .attaching = link_.attaching(),
                          .offline = link_.state() == LinkState::kOffline,
                          .online = link_.online(),
                          .sending = http_.busy(),
                          .backend_failing = uplink_.failing()});
}

void JamBoxApp::on_link(LinkState state, std::string_view said) {
  events_.net(state, said);
  fresh_bringup_.on_link(state, said);
  if (state == LinkState::kOnline) uplink_.hurry();
}

void JamBoxApp::on_link_step(const StepReport& report) {
  fresh_bringup_.on_step(report);
  log_.modem_step(report);
}

void JamBoxApp::on_request_done(std::string_view path, const HttpResult& result) {
  if (result.connected) link_.on_connected();
  else link_.on_connect_failed();
  if (result.status != 0) lifeline_.on_answer();
  log_.request(path, result);
}

void JamBoxApp::on_heartbeat(const HeartbeatReport& report) {
  events_.heartbeat(report);
  if (report.config_version) config_.on_announced(*report.config_version, now_);
  log_.clock(report.clock);
  clock_remedy_.on_sync(report.clock, now_);
}

void JamBoxApp::on_reading(const ReadingReport& report) {
  if (report.ok) {
    led_.flash(LedPattern::kSent, now_);
    update_.on_delivered(now_);
    uplink_.keep_refused(update_.may_go_back());
  }
  events_.reading(report);
  if (report.config_version) config_.on_announced(*report.config_version, now_);
}

void JamBoxApp::on_command(std::string_view name, bool remembered) {
  events_.command(name);
  const std::string_view problem = run_command(name, remembered, *this);
  if (problem.empty()) return;
  uplink_.note(log_.command_refused(name, problem), now_);
}

void JamBoxApp::reboot() { restart_.after_trial(RestartReason::kCommand, now_); }

void JamBoxApp::fetch_config() { config_.fetch_now(now_); }

void JamBoxApp::geolocate() { geolocation_.scan_now(now_); }

void JamBoxApp::check_for_update() { update_.check_now(); }

void JamBoxApp::on_config(const Config& config) {
  config_applier_.apply(config, now_);
  uplink_.set_heartbeat_interval(config.heartbeat_interval_ms);
  uplink_.set_config_version(config.version);
  events_.config(true, config.version, {});
}

void JamBoxApp::on_config_problem(std::string_view why) {
  const std::string_view note = log_.config_refused(why);
  events_.config(false, config_.config().version, why);
  uplink_.note(note, now_);
}

void JamBoxApp::on_geolocation(bool ok, std::string_view said) { log_.geolocation(ok, said); }

void JamBoxApp::on_led(LedPattern pattern) { events_.led(pattern); }

void JamBoxApp::on_unsolicited(std::string_view line) {
  server_.on_unsolicited(line);
  link_.on_unsolicited(line);
  tcp_.on_unsolicited(line);
}

void JamBoxApp::on_received(std::string_view piece) { tcp_.on_received(piece); }

void JamBoxApp::on_update(LogLevel level, std::string_view text) {
  events_.log(level, "update", text);
}

void JamBoxApp::on_update_restart() { restart_.soon(RestartReason::kUpdate, now_); }

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
  status.config_version = config_.config().version;
  status.radio = radio_health_.broken();
  return status;
}

std::string_view JamBoxApp::send_now() {
  if (!identity_.valid()) return identity_.problem();
  recorder_.close_now(now_);  // within a second of the last close there is nothing to add
  uplink_.hurry();
  return {};
}

void JamBoxApp::blink() { led_.flash(LedPattern::kHere, now_); }

std::string_view JamBoxApp::set_live(bool on) {
  live_.set(on, now_);
  return {};
}

ModemUse JamBoxApp::modem_use() {
  if (http_.busy()) return ModemUse::kRequest;
  return link_.coming_online() ? ModemUse::kAttaching : ModemUse::kFree;
}

}  // namespace jambox
