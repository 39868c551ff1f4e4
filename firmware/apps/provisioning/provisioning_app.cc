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
      run_({at_, events_, led_, ports.kv}),
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
  run_.start(settings_);
}

std::uint32_t ProvisioningApp::tick() {
  now_ = ports_.clock.uptime_ms();
  events_.set_now(now_);
  Wake wake(now_);
  at_.tick(now_, wake);
  run_.tick(now_, wake);
  server_.tick(now_, wake);
  restart_.tick(now_, wake);
  led_.tick(now_, wake);
  stream_.flush();
  if (!stream_.flushed()) wake.at(now_ + 10);
  if (at_.busy() || run_.running()) {
    // What was started just now goes out at once.
    at_.tick(now_, wake);
  }
  ports_.system.feed_watchdog();
  return wake.delay_ms();
}

void ProvisioningApp::on_led(LedPattern pattern) { events_.led(pattern); }

void ProvisioningApp::on_unsolicited(std::string_view line) {
  server_.on_unsolicited(line);
  run_.on_unsolicited(line);
}

void ProvisioningApp::blink() { led_.flash(LedPattern::kHere, now_); }

UnitStatus ProvisioningApp::status() {
  UnitStatus status;
  status.led = led_.pattern();
  status.cereg = run_.registration();
  status.online = run_.succeeded();
  return status;
}

std::string_view ProvisioningApp::provision(bool restart) {
  run_.ask(restart, now_);
  return {};
}

}  // namespace jambox
