// Promiscuous Wi-Fi reception, see wifi_sniffer.h.
#include "wifi_sniffer.h"

#include <algorithm>

#include "esp_err.h"
#include "esp_event.h"
#include "esp_log.h"
#include "esp_wifi.h"
#include "waker.h"

namespace jambox::esp32s3 {

namespace {

constexpr const char* kTag = "sniffer";
constexpr std::size_t kFcs = 4;
// First byte of a management frame: version 0, type 0, subtypes 4, 5, 8.
constexpr std::uint8_t kProbeRequestControl = 0x40;
constexpr std::uint8_t kProbeResponseControl = 0x50;
constexpr std::uint8_t kBeaconControl = 0x80;

WifiSniffer* sniffer = nullptr;

bool ok(esp_err_t result, const char* what) {
  if (result != ESP_OK) ESP_LOGE(kTag, "%s: %s", what, esp_err_to_name(result));
  return result == ESP_OK;
}

bool start_driver() {
  // The driver posts its events even where nobody wants them.
  const esp_err_t loop = esp_event_loop_create_default();
  if (loop != ESP_OK && loop != ESP_ERR_INVALID_STATE) return ok(loop, "event loop");
  const wifi_init_config_t config = WIFI_INIT_CONFIG_DEFAULT();
  return ok(esp_wifi_init(&config), "init") &&
         ok(esp_wifi_set_storage(WIFI_STORAGE_RAM), "storage") &&
         ok(esp_wifi_set_mode(WIFI_MODE_NULL), "mode") && ok(esp_wifi_start(), "start");
}

}  // namespace

bool WifiSniffer::start() {
  sniffer = this;
  const auto on_received = [](void* packet, wifi_promiscuous_pkt_type_t type) {
    on_packet(packet, type);
  };
  wifi_promiscuous_filter_t filter = {};
  filter.filter_mask = WIFI_PROMIS_FILTER_MASK_MGMT;
  return start_driver() && ok(esp_wifi_set_promiscuous_filter(&filter), "filter") &&
         ok(esp_wifi_set_promiscuous_rx_cb(on_received), "callback");
}

// A driver that refuses is not final: it is taken down and started anew at the next call, three
// seconds later. Who counts the failures, and restarts the chip, is core/capture/radio_health.h.
bool WifiSniffer::listen(std::uint8_t channel) {
  if (tune(channel)) return true;
  take_down();
  return false;
}

bool WifiSniffer::tune(std::uint8_t channel) {
  if (state_ == State::kNew) {
    if (!start()) return false;
    state_ = State::kStopped;
  }
  if (state_ == State::kStopped && !ok(esp_wifi_set_promiscuous(true), "promiscuous")) return false;
  state_ = State::kListening;
  return ok(esp_wifi_set_channel(channel, WIFI_SECOND_CHAN_NONE), "channel");
}

// Of a driver that is half up; what it says of parts that are not is of no interest.
void WifiSniffer::take_down() {
  esp_wifi_set_promiscuous(false);
  esp_wifi_stop();
  esp_wifi_deinit();
  state_ = State::kNew;
}

void WifiSniffer::stop() {
  if (state_ != State::kListening) return;
  if (ok(esp_wifi_set_promiscuous(false), "promiscuous")) state_ = State::kStopped;
}

bool WifiSniffer::next(RadioFrame& frame) {
  return queue_.take(RadioFrame::Kind::kWifiManagement, frame);
}

void WifiSniffer::on_packet(void* packet, unsigned type) {
  if (type == WIFI_PKT_MGMT) sniffer->keep(packet);
}

bool WifiSniffer::wanted(std::uint8_t control) const {
  if (control == kProbeRequestControl) return true;
  const bool of_access_point = control == kBeaconControl || control == kProbeResponseControl;
  return of_access_point && access_points_ && queue_.space() > kKeptForProbes;
}

// In the driver's task: copies and leaves.
void WifiSniffer::keep(const void* received) {
  const auto& packet = *static_cast<const wifi_promiscuous_pkt_t*>(received);
  const std::size_t length = packet.rx_ctrl.sig_len;  // the FCS counts
  if (packet.rx_ctrl.rx_state != 0 || length <= kFcs) return;
  if (!wanted(packet.payload[0])) return;
  const std::size_t size = std::min(length - kFcs, sizeof incoming_.bytes);
  incoming_.rssi_dbm = static_cast<std::int8_t>(packet.rx_ctrl.rssi);
  incoming_.channel = static_cast<std::uint8_t>(packet.rx_ctrl.channel);
  std::memcpy(incoming_.bytes, packet.payload, size);
  const bool probe = packet.payload[0] == kProbeRequestControl;
  if (queue_.put(incoming_, size) && probe) waker::wake();
}

}  // namespace jambox::esp32s3
