// Production program: counts devices, closes a reading every five minutes, sends it over the modem,
// keeps the light and the console true. Wiring only: what each part does is in core/.
#pragma once

#include "core/actions/button_actions.h"
#include "core/capture/schedule.h"
#include "core/clock/clock_keeper.h"
#include "core/config/config_applier.h"
#include "core/config/config_task.h"
#include "core/console/console_server.h"
#include "core/console/live_figures.h"
#include "core/console/unit_log.h"
#include "core/geolocation/radio_tap.h"
#include "core/led/lasting_pattern.h"
#include "core/lifeline/lifeline.h"
#include "core/modem/link.h"
#include "core/ota/update_client.h"
#include "core/ports/ports.h"
#include "core/provisioning/fresh_bringup.h"
#include "core/reading/recorder.h"
#include "core/restart/clock_remedy.h"
#include "core/uplink/uplink.h"

namespace jambox {

class JamBoxApp final : public LinkObserver,
                        public UplinkObserver,
                        public ConfigObserver,
                        public GeolocationObserver,
                        public ConsoleHost,
                        public UnitActions,
                        public RestartHost,
                        public LedObserver,
                        public AtListener,
                        public UpdateObserver {
 public:
  explicit JamBoxApp(const Ports& ports);

  void start();
  // Milliseconds until it next wants to run even if nothing happens.
  std::uint32_t tick();

  void on_link(LinkState state, std::string_view said) override;
  void on_link_step(const StepReport& report) override;
  void on_request_done(std::string_view path, const HttpResult& result) override;
  void on_heartbeat(const HeartbeatReport& report) override;
  void on_reading(const ReadingReport& report) override;
  void on_command(std::string_view name, bool remembered) override;
  void on_config(const Config& config) override;
  void on_config_problem(std::string_view why) override;
  void on_geolocation(bool ok, std::string_view said) override;
  void on_led(LedPattern pattern) override;
  void on_unsolicited(std::string_view line) override;
  void on_received(std::string_view piece) override;
  void on_update(LogLevel level, std::string_view text) override;
  void on_update_restart() override;

  UnitStatus status() override;
  std::string_view send_now() override;
  std::string_view set_live(bool on) override;
  void blink() override;
  ModemUse modem_use() override;

  void reboot() override;
  void fetch_config() override;
  void geolocate() override;
  void check_for_update() override;

  bool on_trial() override { return update_.on_trial(); }
  void before_restart(StartReason why) override;

 private:
  void tick_modem(Wake& wake);
  void tick_counting(Wake& wake);
  void tick_radio_health(Wake& wake);
  void tick_lifeline(Wake& wake);
  void start_modem();
  LedPattern led_pattern() const;

  Ports ports_;
  ConsoleStream stream_;
  Events events_;
  UnitLog log_;
  Led led_;
  ButtonActions button_;
  Identity identity_;
  ModemSettings settings_;
  AtEngine at_;
  Link link_;
  FreshBringup fresh_bringup_;
  Tcp tcp_;
  Endpoint endpoint_;
  HttpClient http_;
  WallClock clock_;
  ClockKeeper clock_keeper_;
  GeolocationTask geolocation_;
  RadioTap radio_;
  RadioHealth radio_health_;
  TrafficCounter counter_;
  RadioSchedule schedule_;
  ReadingJournal journal_;
  ReadingQueue queue_;
  VisitEstimator visits_;
  Recorder recorder_;
  LiveFigures live_;
  ConfigApplier config_applier_;
  Uplink uplink_;
  ConfigTask config_;
  UpdateClient update_;
  UplinkTask* const urgent_[2] = {&config_, &geolocation_};
  UplinkTask* const patient_[1] = {&update_};
  Lifeline lifeline_;
  StartMemory start_memory_;
  Restart restart_;
  ClockRemedy clock_remedy_;
  ConsoleServer server_;
  Millis now_ = 0;
};

}  // namespace jambox
