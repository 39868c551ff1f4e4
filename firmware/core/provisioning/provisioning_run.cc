// The provisioning program's bring-up, see provisioning_run.h.
#include "core/provisioning/provisioning_run.h"

#include "core/provisioning/cellular_proof.h"

namespace jambox {

void ProvisioningRun::start(const ModemSettings& settings) {
  settings_ = &settings;
  static_assert(kAutostartMs == 3000, "the sentence below says three seconds");
  parts_.events.log(LogLevel::kInfo, "app", "provisioning: bring-up starts in 3 s");
}

void ProvisioningRun::tick(Millis now, Wake& wake) {
  if (!begun_ && now >= kAutostartMs) begin(now);
  if (!begun_) wake.at(kAutostartMs);
  bringup_.tick(now, wake);
}

void ProvisioningRun::ask(bool restart, Millis now) {
  if (!begun_ || restart) begin(now);
  else repeat_events();
}

void ProvisioningRun::begin(Millis now) {
  begun_ = true;
  ended_ = succeeded_ = false;
  for (Seen& seen : seen_) seen.any = false;
  parts_.led.show(LedPattern::kSearching);
  bringup_.start(bringup_table(), *settings_, now);
}

void ProvisioningRun::on_step(const StepReport& report) {
  Seen& seen = seen_[report.number - 1];
  seen.any = true;
  seen.state = report.state;
  seen.attempt = report.attempt;
  seen.said.assign(report.said);
  if (const auto stat = parse_registration(report.said, false)) registration_ = *stat;
  parts_.events.bringup(report);
}

void ProvisioningRun::on_bringup_done(bool ok, std::uint8_t number, std::string_view address) {
  ended_ = true;
  succeeded_ = ok;
  last_step_ = number;
  address_.assign(address);
  if (ok && !keep_cellular_proof(parts_.kv)) {
    parts_.events.log(LogLevel::kError, "app",
                      "cellular_ok could not be stored: the nvs partition is full or worn");
  }
  parts_.led.show(ok ? LedPattern::kConnected : LedPattern::kFailed);
  parts_.events.bringup_done(ok, number, address);
  parts_.events.log(ok ? LogLevel::kInfo : LogLevel::kError, "app",
                    ok ? "bring-up complete" : "bring-up failed");
}

void ProvisioningRun::on_unsolicited(std::string_view line) {
  if (const auto stat = parse_registration(line, true)) registration_ = *stat;
  parts_.events.log(LogLevel::kInfo, "modem", line);
}

void ProvisioningRun::repeat_events() {
  for (std::uint8_t i = 0; i < kBringupSteps; ++i) {
    const Seen& seen = seen_[i];
    if (!seen.any) continue;
    const auto number = static_cast<std::uint8_t>(i + 1);
    parts_.events.bringup({number, seen.state, seen.attempt, seen.said.view()});
  }
  if (ended_) parts_.events.bringup_done(succeeded_, last_step_, address_.view());
}

}  // namespace jambox
