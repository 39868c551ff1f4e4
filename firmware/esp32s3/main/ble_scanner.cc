// Passive BLE scan, see ble_scanner.h.
#include "ble_scanner.h"

#include "esp_err.h"
#include "esp_log.h"
#include "host/ble_hs.h"
#include "nimble/nimble_port.h"
#include "nimble/nimble_port_freertos.h"
#include "waker.h"

namespace jambox::esp32s3 {

namespace {

constexpr const char* kTag = "ble";
// Window = interval: the receiver is ours for the whole second. Units of 0.625 ms: 50 ms a channel.
constexpr std::uint16_t kWindow = 80;
constexpr int kRssiUnknown = 127;
constexpr std::size_t kAddress = 6;
constexpr std::uint8_t kRandomBit = 0x01;  // of the address type; bit 1 marks resolved ones

BleScanner* scanner = nullptr;

void host_task(void*) {
  nimble_port_run();
  nimble_port_freertos_deinit();
}

void on_reset(int reason) { ESP_LOGW(kTag, "controller reset, reason %d", reason); }

}  // namespace

bool BleScanner::start() {
  scanner = this;
  const esp_err_t result = nimble_port_init();
  if (result != ESP_OK) {
    ESP_LOGE(kTag, "init: %s", esp_err_to_name(result));
    return false;
  }
  ble_hs_cfg.reset_cb = on_reset;
  ble_hs_cfg.sync_cb = on_ready;
  nimble_port_freertos_init(host_task);
  return true;
}

// nimble_port_init() takes down what it has started when it fails, so the next call may try again
// (ESP-IDF, components/bt/host/nimble/nimble/porting/nimble/src/nimble_port.c).
bool BleScanner::scan() {
  wanted_ = true;
  if (!running_ && !(running_ = start())) return false;
  if (ble_hs_synced() != 0) return begin();
  // The first call is answered by on_ready() within 100 ms; the next comes half a minute later.
  const bool may_come = !synced_by_;
  synced_by_ = true;
  return may_come;
}

void BleScanner::on_ready() {
  if (scanner->wanted_) scanner->begin();
}

// May be called by both tasks at once: NimBLE lets one of them begin.
bool BleScanner::begin() {
  ble_gap_disc_params params = {};
  params.itvl = kWindow;
  params.window = kWindow;
  params.passive = 1;
  params.filter_duplicates = 0;  // every advertisement counts as an impression
  const int result = ble_gap_disc(BLE_OWN_ADDR_PUBLIC, BLE_HS_FOREVER, &params, on_event, this);
  const bool scans = result == 0 || result == BLE_HS_EALREADY;
  if (!scans) ESP_LOGE(kTag, "scan refused: %d", result);
  // stop() by the program's task may have come between: then it found nothing to end.
  if (!wanted_) ble_gap_disc_cancel();
  return scans;
}

void BleScanner::stop() {
  wanted_ = false;
  if (!running_ || ble_gap_disc_active() == 0) return;
  const int result = ble_gap_disc_cancel();
  if (result != 0 && result != BLE_HS_EALREADY) ESP_LOGE(kTag, "scan not ended: %d", result);
}

bool BleScanner::next(RadioFrame& frame) {
  return queue_.take(RadioFrame::Kind::kBleAdvertisement, frame);
}

int BleScanner::on_event(ble_gap_event* event, void* self) {
  if (event->type == BLE_GAP_EVENT_DISC) static_cast<BleScanner*>(self)->keep(*event);
  return 0;
}

// In the host's task. Address type, address as transmitted, advertising data: the port's order.
void BleScanner::keep(const ble_gap_event& event) {
  const ble_gap_disc_desc& found = event.disc;
  if (found.rssi == kRssiUnknown) return;
  static_assert(1 + kAddress + UINT8_MAX <= sizeof incoming_.bytes, "any advertisement fits");
  incoming_.rssi_dbm = found.rssi;
  incoming_.channel = 0;  // the controller does not tell
  incoming_.bytes[0] = found.addr.type & kRandomBit;
  std::memcpy(incoming_.bytes + 1, found.addr.val, kAddress);
  if (found.length_data > 0) {
    std::memcpy(incoming_.bytes + 1 + kAddress, found.data, found.length_data);
  }
  if (queue_.put(incoming_, 1 + kAddress + found.length_data)) waker::wake();
}

}  // namespace jambox::esp32s3
