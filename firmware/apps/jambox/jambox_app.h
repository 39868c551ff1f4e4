// Production program: counts devices, closes a reading every five minutes, sends it over the modem,
// keeps the light and the console true. Wiring only: what each part does is in core/.
#pragma once

#include "core/capture/schedule.h"
#include "core/config/config_task.h"
#include "core/console/console_server.h"
#include "core/geolocation/radio_tap.h"
#include "core/led/led.h"
#include "core/led/top_button.h"
#include "core/lifeline/lifeline.h"
#include "core/modem/link.h"
#include "core/ota/update_client.h"
#include "core/ports/ports.h"
#include "core/reading/recorder.h"
#include "core/uplink/uplink.h"

namespace jambox {

class JamBoxApp final : public LinkObserver,
                        public UplinkObserver,
                        public ConfigObserver,
                        public GeolocationObserver,
                        public ConsoleHost,
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
  void before_reboot_answer() override;
  void before_restart() override;

  static constexpr Millis kSentMs = 3000;
  static constexpr Millis kButtonFlashMs = 150;
  static constexpr Millis kLiveMs = 1000;
  // Lets the modem close the connection and the console speak.
  static constexpr Millis kRestartMs = 1000;

 private:
  void tick_modem(Wake& wake);
  void tick_counting(Wake& wake);
  void tick_radio_health(Wake& wake);
  void tick_button(Wake& wake);
  void tick_live(Wake& wake);
  void tick_lifeline(Wake& wake);
  void tick_restart(Wake& wake);
  void start_modem();
  void take_up_clock();
  void restart_soon(std::string_view why);
  void restart_after_trial(std::string_view why);
  std::string_view run_command(std::string_view name, bool remembered);
  void tell_dropped();
  LedPattern lasting_pattern() const;

  Ports ports_;
  ConsoleStream stream_;
  Events events_;
  Led led_;
  TopButton button_;
  Identity identity_;
  ModemSettings settings_;
  AtEngine at_;
  Link link_;
  Tcp tcp_;
  Endpoint endpoint_;
  HttpClient http_;
  WallClock clock_;
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
  ConsoleServer server_;
  Millis now_ = 0;
  Millis live_at_ = 0;
  bool live_ = false;
  bool modem_answered_ = false;  // at least once since boot
  bool refused_ = false;         // the backend refuses this unit's token
  bool fresh_ = false;           // the bring-up of a fresh unit runs, as the button asked at boot
  std::uint8_t last_step_ = 0;
  bool button_spent_ = false;       // the press under way had its meaning at boot
  bool keep_clock_ = true;          // false: it is known to be wrong
  bool prepared_ = false;           // for the restart: nothing is lost by it any more
  Millis restart_at_ = 0;           // 0: not wanted
  std::string_view restart_later_;  // why there is to be one once no image is on trial
  std::uint32_t dropped_said_ = 0;
  Config applied_;
};

}  // namespace jambox
