// Receives 802.11 management frames in promiscuous mode. Never joins a network, never transmits.
// Knows no frame beyond its first byte.
#pragma once

#include <atomic>

#include "frame_queue.h"

namespace jambox::esp32s3 {

// One per program: the driver calls back without an argument.
class WifiSniffer {
 public:
  // Receives on `channel` from now on; starts the driver at the first call. False: it does not,
  // and the driver is taken down, so that the next call starts it anew.
  bool listen(std::uint8_t channel);
  void stop();
  // Whether beacons and probe responses are kept, too.
  void hear_access_points(bool on) { access_points_ = on; }
  bool next(RadioFrame& frame);

  // A second of a crowded channel: 100 probe requests of about 150 bytes.
  static constexpr std::size_t kQueueBytes = 16 * 1024;
  // Every access point sends ten beacons a second; this much of the queue stays free of them.
  static constexpr std::size_t kKeptForProbes = kQueueBytes / 2;

 private:
  bool start();
  bool tune(std::uint8_t channel);
  void take_down();
  static void on_packet(void* packet, unsigned type);
  void keep(const void* packet);

  enum class State : std::uint8_t { kNew, kStopped, kListening } state_ = State::kNew;
  bool wanted(std::uint8_t control) const;

  std::atomic<bool> access_points_ = false;  // read by the driver's task
  QueuedFrame incoming_;                     // used by the driver's task only
  FrameQueue<kQueueBytes> queue_;
};

}  // namespace jambox::esp32s3
