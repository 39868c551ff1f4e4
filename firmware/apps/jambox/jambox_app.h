// Production program: counts devices, closes a reading every five minutes, sends it over the modem,
// keeps the light and the console true. Wiring only: what each part does is in core/.
#pragma once

#include "core/capture/schedule.h"
#include "core/clock/wall_clock.h"
#include "core/console/console_server.h"
#include "core/counting/traffic_counter.h"
#include "core/identity/identity.h"
#include "core/led/led.h"
#include "core/led/top_button.h"
#include "core/modem/http_client.h"
#include "core/modem/link.h"
#include "core/ports/ports.h"
#include "core/reading/recorder.h"
#include "core/uplink/uplink.h"

namespace jambox {

class JamBoxApp final : public LinkObserver,
                        public UplinkObserver,
                        public ConsoleHost,
                        public LedObserver,
                        public AtListener {
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
  void on_command(std::string_view name) override;
  void on_led(LedPattern pattern) override;
  void on_unsolicited(std::string_view line) override;
  void on_received(std::string_view piece) override;

  UnitStatus status() override;
  std::string_view provision(bool restart) override;
  std::string_view send_now() override;
  std::string_view set_live(bool on) override;
  std::string_view modem_in_use() override;

  static constexpr Millis kSentMs = 3000;
  static constexpr Millis kButtonFlashMs = 150;
  static constexpr Millis kLiveMs = 1000;

 private:
  void tick_modem(Wake& wake);
  void tick_counting(Wake& wake);
  void tick_button(Wake& wake);
  void tick_live(Wake& wake);
  void tick_restart(Wake& wake);
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
  TrafficCounter counter_;
  RadioSchedule schedule_;
  ReadingJournal journal_;
  ReadingQueue queue_;
  VisitEstimator visits_;
  Recorder recorder_;
  Uplink uplink_;
  ConsoleServer server_;
  Millis now_ = 0;
  Millis live_at_ = 0;
  bool live_ = false;
  bool modem_answered_ = false;  // at least once since boot
  bool refused_ = false;     // the backend refuses this unit's token
  Millis restart_at_ = 0;    // 0: not wanted
  std::int64_t config_said_ = 0;
};

}  // namespace jambox
