// Production program: counts devices, closes a reading every five minutes, sends it over the modem,
// keeps the light and the console true. Wiring only: what each part does is in core/.
#pragma once

#include "core/capture/schedule.h"
#include "core/clock/clock_keeper.h"
#include "core/config/config_task.h"
#include "core/console/console_server.h"
#include "core/console/unit_log.h"
#include "core/geolocation/radio_tap.h"
#include "core/led/button_meaning.h"
#include "core/led/lasting_pattern.h"
#include "core/lifeline/lifeline.h"
#include "core/modem/link.h"
#include "core/ota/update_client.h"
#include "core/ports/ports.h"
#include "core/provisioning/fresh_bringup.h"
#include "core/reading/recorder.h"
#include "core/uplink/uplink.h"

namespace jambox {

class JamBoxApp final : public LinkObserver,
                        public UplinkObserver,
                        public ConfigObserver,
                        public GeolocationObserver,
                        public ConsoleHost,
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
  std::string_view provision(bool restart) override;
  std::string_view send_now() override;
  std::string_view set_live(bool on) override;
  std::string_view modem_in_use() override;

  bool on_trial() override { return update_.on_trial(); }
  void before_restart() override;

  static constexpr Millis kSentMs = 3000;
  static constexpr Millis kButtonFlashMs = 150;
  static constexpr Millis kLiveMs = 1000;

 private:
  void tick_modem(Wake& wake);
  void tick_counting(Wake& wake);
  void tick_radio_health(Wake& wake);
  void tick_button(Wake& wake);
  void tick_live(Wake& wake);
  void tick_lifeline(Wake& wake);
  void start_modem();
  std::string_view run_command(std::string_view name, bool remembered);
  void tell_dropped();
  LedPattern led_pattern() const;

  Ports ports_;
  ConsoleStream stream_;
  Events events_;
  UnitLog log_;
  Led led_;
  ButtonMeaning button_;
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
  Uplink uplink_;
  ConfigTask config_;
  UpdateClient update_;
  UplinkTask* const urgent_[2] = {&config_, &geolocation_};
  UplinkTask* const patient_[1] = {&update_};
  Lifeline lifeline_;
  Restart restart_;
  ConsoleServer server_;
  Millis now_ = 0;
  Millis live_at_ = 0;
  bool live_ = false;
  bool modem_answered_ = false;  // at least once since boot
  bool refused_ = false;         // the backend refuses this unit's token
  std::uint32_t dropped_said_ = 0;
  Config applied_;
};

}  // namespace jambox
