// Receives BLE advertisements by passive scanning with NimBLE: sends no scan request, connects to
// nothing. Knows no advertisement's meaning.
#pragma once

#include <atomic>

#include "frame_queue.h"

struct ble_gap_event;

namespace jambox::esp32s3 {

// One per program: NimBLE calls back without an argument when it is ready.
class BleScanner {
 public:
  // Starts the host at the first call; scanning begins once host and controller agree, about 100 ms
  // later then. False: it does not scan; the next call tries again.
  bool scan();
  void stop();
  bool next(RadioFrame& frame);

  // A second of 80 advertisers; each advertisement takes 44 bytes.
  static constexpr std::size_t kQueueBytes = 4 * 1024;

 private:
  bool start();
  bool begin();
  static void on_ready();
  static int on_event(ble_gap_event* event, void* self);
  void keep(const ble_gap_event& event);

  bool running_ = false;    // the host's task
  bool synced_by_ = false;  // it has had a whole turn of the schedule to agree with the controller
  std::atomic<bool> wanted_ = false;  // read by the host's task
  QueuedFrame incoming_;              // used by the host's task only
  FrameQueue<kQueueBytes> queue_;
};

}  // namespace jambox::esp32s3
