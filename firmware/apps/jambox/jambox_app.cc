// Production program, see jambox_app.h.
#include "apps/jambox/jambox_app.h"

#include "apps/version.h"
#include "core/base/crc.h"

namespace jambox {

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
      schedule_(ports.radio),
      journal_(ports.readings),
      recorder_({ports.radio, counter_, clock_, queue_, ports.kv, visits_}),
      uplink_({http_, clock_, queue_, ports.kv, *this}, identity_, kFirmwareVersion),
      server_({stream_, events_, at_, ports.kv, ports.system, *this}, "jambox", kFirmwareVersion,
              identity_) {}

void JamBoxApp::start() {
  now_ = ports_.clock.uptime_ms();
  events_.set_now(now_);
  at_.set_listener(this);
  identity_.load(ports_.kv);
  settings_ = identity_.modem();
  endpoint_ = {identity_.host(), identity_.port(), identity_.token()};
  events_.boot("jambox", kFirmwareVersion, ports_.system.reset_reason());
  if (!identity_.valid()) {
    led_.show(LedPattern::kFailed);
    events_.log('E', "identity", identity_.problem());
    return;
  }
  events_.log('I', "identity", identity_.device_id());
  const std::string_view id = identity_.device_id();
  queue_.open(journal_, crc32(id.data(), id.size()));
  uplink_.start();
  const auto half = [this] {
    return static_cast<std::uint64_t>(ports_.system.random()) << 32 | ports_.system.random();
  };
  visits_.start({half(), half()});
  recorder_.start(now_);
  schedule_.start(now_);
  link_.start(settings_, now_);
}

std::uint32_t JamBoxApp::tick() {
  now_ = ports_.clock.uptime_ms();
  events_.set_now(now_);
  Wake wake(now_);
  at_.tick(now_, wake);
  if (identity_.valid()) {
    tick_counting(wake);
    tick_modem(wake);
    led_.show(lasting_pattern());
  }
  tick_button(wake);
  tick_live(wake);
  server_.tick(now_, wake);
  led_.tick(now_, wake);
  tick_restart(wake);
  at_.tick(now_, wake);  // what was started just now goes out at once
  stream_.flush();
  if (!stream_.flushed()) wake.at(now_ + 10);
  return wake.delay_ms();
}

void JamBoxApp::tick_counting(Wake& wake) {
  schedule_.tick(now_, wake);
  recorder_.tick(now_, wake);
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
  if (press == TopButton::Press::kLong) {
    return events_.log('W', "button", "long press: update mode is not supported by this version");
  }
  events_.log('I', "button", "short press: send now");
  const std::string_view problem = send_now();
  if (!problem.empty()) events_.log('W', "button", problem);
}

void JamBoxApp::tick_live(Wake& wake) {
  if (!live_) return;
  if (now_ >= live_at_) {
    live_at_ = now_ + kLiveMs;
    events_.live(counter_.counts());
  }
  wake.at(live_at_);
}

void JamBoxApp::tick_restart(Wake& wake) {
  if (restart_at_ == 0) return;
  if (now_ >= restart_at_) {
    recorder_.close_now(now_);  // what was counted is stored before
    ports_.system.restart();
  }
  wake.at(restart_at_);
}

LedPattern JamBoxApp::lasting_pattern() const {
  if (!modem_answered_ && link_.attaching()) return LedPattern::kBooting;
  if (link_.state() == LinkState::kOffline) return LedPattern::kFailed;
  if (!link_.online()) return LedPattern::kSearching;
  if (http_.busy()) return LedPattern::kSending;
  const bool failing = uplink_.send_failures() > 0 || refused_;
  return failing ? LedPattern::kSendFailed : LedPattern::kConnected;
}

void JamBoxApp::on_link(LinkState state, std::string_view said) {
  events_.net(state, said);
  if (state == LinkState::kOnline) uplink_.hurry();
}

void JamBoxApp::on_link_step(const StepReport& report) {
  if (report.state == StepState::kRunning) return;
  if (report.state == StepState::kOk) modem_answered_ = true;
  FixedText<160> text;
  text.add("step ").add_int(report.number);
  text.add(report.state == StepState::kOk ? " ok: " : " not ok: ").add(report.said);
  events_.log(report.state == StepState::kOk ? 'I' : 'W', "modem", text.view());
}

void JamBoxApp::on_request_done(std::string_view path, const HttpResult& result) {
  if (result.connected) link_.on_connected();
  else link_.on_connect_failed();
  FixedText<160> text;
  text.add(path).add(' ').add_int(result.status);
  if (result.status == 0) text.add(": ").add(result.why);
  else if (result.status >= 300) text.add(": ").add(result.body.substr(0, 80));
  events_.log(result.status >= 200 && result.status < 300 ? 'I' : 'W', "http", text.view());
}

void JamBoxApp::on_heartbeat(const HeartbeatReport& report) {
  refused_ = !report.ok;
  events_.heartbeat(report);
  if (!report.config_version || *report.config_version == config_said_) return;
  config_said_ = *report.config_version;
  FixedText<80> text;
  text.add("backend holds configuration ").add_int(config_said_);
  events_.log('I', "config", text.add("; this version uses its defaults").view());
}

void JamBoxApp::on_reading(const ReadingReport& report) {
  if (report.ok) led_.flash(LedPattern::kSent, now_ + kSentMs);
  events_.reading(report);
}

void JamBoxApp::on_command(std::string_view name) {
  events_.command(name);
  if (name == "send_now") {
    send_now();
  } else if (name == "reboot") {
    restart_at_ = now_ + 1000;  // lets the modem close the connection and the console speak
  } else {
    FixedText<80> text;
    events_.log('W', "command", text.add(name).add(": not supported by this version").view());
  }
}

void JamBoxApp::on_led(LedPattern pattern) { events_.led(pattern); }

void JamBoxApp::on_unsolicited(std::string_view line) {
  link_.on_unsolicited(line);
  tcp_.on_unsolicited(line);
}

void JamBoxApp::on_received(std::string_view piece) { tcp_.on_received(piece); }

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
