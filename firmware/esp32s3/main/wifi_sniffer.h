// Receives 802.11 management frames in promiscuous mode. Never joins a network, never transmits.
// Knows no frame beyond its first byte.
#pragma once

#include "frame_queue.h"

namespace jambox::esp32s3 {

// One per program: the driver calls back without an argument.
class WifiSniffer {
 public:
  // Receives on `channel` from now on; starts the driver at the first call.
  void listen(std::uint8_t channel);
  void stop();
  bool next(RadioFrame& frame);

  // A second of a crowded channel: 100 probe requests of about 150 bytes.
  static constexpr std::size_t kQueueBytes = 16 * 1024;

 private:
  bool start();
  static void on_packet(void* packet, unsigned type);
  void keep(const void* packet);

  enum class State : std::uint8_t { kNew, kStopped, kListening, kBroken } state_ = State::kNew;
  QueuedFrame incoming_;  // used by the driver's task only
  FrameQueue<kQueueBytes> queue_;
};

}  // namespace jambox::esp32s3
