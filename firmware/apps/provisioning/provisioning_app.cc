// Provisioning program, see provisioning_app.h.
#include "apps/provisioning/provisioning_app.h"

#include "apps/version.h"

namespace jambox {

ProvisioningApp::ProvisioningApp(const Ports& ports)
    : ports_(ports),
      stream_(ports.console),
      events_(stream_),
      led_(ports.led, *this),
      at_(ports.modem),
      bringup_(at_, *this),
      restart_(ports.system, events_, *this),
      server_({stream_, events_, at_, ports.kv, ports.system, restart_, *this}, "provisioning",
              kFirmwareVersion, identity_) {}

void ProvisioningApp::start() {
  now_ = ports_.clock.uptime_ms();
  events_.set_now(now_);
  identity_.load(ports_.kv);  // usually absent in this phase: then the defaults serve
  settings_ = identity_.modem();
  stream_.set_secret(identity_.token());  // there when a prepared unit is brought up again
  at_.set_listener(this);
  ports_.radio.off();
  events_.boot("provisioning", kFirmwareVersion, ports_.system.reset_reason());
  events_.log(LogLevel::kInfo, "app", "provisioning: bring-up starts in 3 s");
}

std::uint32_t ProvisioningApp::tick() {
  now_ = ports_.clock.uptime_ms();
  events_.set_now(now_);
  Wake wake(now_);
  at_.tick(now_, wake);
  if (!begun_ && now_ >= kAutostartMs) begin(now_);
  if (!begun_) wake.at(kAutostartMs);
  bringup_.tick(now_, wake);
  server_.tick(now_, wake);
  restart_.tick(now_, wake);
  led_.tick(now_, wake);
  stream_.flush();
  if (!stream_.flushed()) wake.at(now_ + 10);
  if (at_.busy() || bringup_.running()) {
    // What was started just now goes out at once.
    at_.tick(now_, wake);
  }
  ports_.system.feed_watchdog();
  return wake.delay_ms();
}

void ProvisioningApp::begin(Millis now) {
  begun_ = true;
  ended_ = succeeded_ = false;
  for (Seen& seen : seen_) seen.any = false;
  led_.show(LedPattern::kSearching);
  bringup_.start(bringup_table(), settings_, now);
}

void ProvisioningApp::on_step(const StepReport& report) {
  Seen& seen = seen_[report.number - 1];
  seen.any = true;
  seen.state = report.state;
  seen.attempt = report.attempt;
  seen.said.assign(report.said);
  if (const auto stat = parse_registration(report.said, false)) registration_ = *stat;
  events_.bringup(report);
}

void ProvisioningApp::on_bringup_done(bool ok, std::uint8_t number, std::string_view address) {
  ended_ = true;
  succeeded_ = ok;
  last_step_ = number;
  address_.assign(address);
  if (ok && !ports_.kv.set_u32("cellular_ok", 1)) {
    events_.log(LogLevel::kError, "app",
                "cellular_ok could not be stored: the nvs partition is full or worn");
  }
  led_.show(ok ? LedPattern::kConnected : LedPattern::kFailed);
  events_.bringup_done(ok, number, address);
  events_.log(ok ? LogLevel::kInfo : LogLevel::kError, "app",
              ok ? "bring-up complete" : "bring-up failed");
}

void ProvisioningApp::on_led(LedPattern pattern) { events_.led(pattern); }

void ProvisioningApp::on_unsolicited(std::string_view line) {
  if (const auto stat = parse_registration(line, true)) registration_ = *stat;
  events_.log(LogLevel::kInfo, "modem", line);
}

UnitStatus ProvisioningApp::status() {
  UnitStatus status;
  status.led = led_.pattern();
  status.cereg = registration_;
  status.online = succeeded_;
  return status;
}

std::string_view ProvisioningApp::provision(bool restart) {
  if (!begun_ || restart) {
    begin(now_);
    return {};
  }
  repeat_events();
  return {};
}

void ProvisioningApp::repeat_events() {
  for (int i = 0; i < kBringupSteps; ++i) {
    const Seen& seen = seen_[i];
    if (!seen.any) continue;
    events_.bringup({static_cast<std::uint8_t>(i + 1), seen.state, seen.attempt, seen.said.view()});
  }
  if (ended_) events_.bringup_done(succeeded_, last_step_, address_.view());
}

std::string_view ProvisioningApp::send_now() {
  return "the provisioning program sends no readings; flash the production program";
}

std::string_view ProvisioningApp::set_live(bool) {
  return "the provisioning program counts nothing; flash the production program";
}

}  // namespace jambox
