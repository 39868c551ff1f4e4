// Hands received frames from the task of one radio driver to the program's task: bounded, without a
// lock, never waiting. One writer and one reader, which is all a FreeRTOS message buffer allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/ports/radio.h"
#include "freertos/FreeRTOS.h"
#include "freertos/message_buffer.h"

namespace jambox::esp32s3 {

// What lies in the queue: a head, then as many bytes as the frame has.
struct QueuedFrame {
  std::int8_t rssi_dbm;
  std::uint8_t channel;
  std::uint8_t bytes[kRadioFrameMax];

  static constexpr std::size_t kHead = 2;
};
static_assert(sizeof(QueuedFrame) == QueuedFrame::kHead + kRadioFrameMax, "no gap after the head");

// `kBytes` of frames; each takes its length, two bytes of head and four of the message buffer.
template <std::size_t kBytes>
class FrameQueue {
 public:
  FrameQueue() : buffer_(xMessageBufferCreateStatic(sizeof storage_ - 1, storage_, &control_)) {}

  // Writer: puts the frame of which `frame` holds `size` bytes. False when there is no room.
  bool put(const QueuedFrame& frame, std::size_t size) {
    const std::size_t whole = QueuedFrame::kHead + size;
    return xMessageBufferSend(buffer_, &frame, whole, 0) == whole;
  }

  // Writer: bytes that are still free.
  std::size_t space() const { return xMessageBufferSpacesAvailable(buffer_); }

  // Reader: the oldest frame; false = none.
  bool take(RadioFrame::Kind kind, RadioFrame& out) {
    QueuedFrame frame;
    const std::size_t whole = xMessageBufferReceive(buffer_, &frame, sizeof frame, 0);
    if (whole < QueuedFrame::kHead) return false;
    out.kind = kind;
    out.rssi_dbm = frame.rssi_dbm;
    out.channel = frame.channel;
    out.size = whole - QueuedFrame::kHead;
    std::memcpy(out.bytes, frame.bytes, out.size);
    return true;
  }

 private:
  StaticMessageBuffer_t control_;
  std::uint8_t storage_[kBytes + 1];  // one byte is never used, so that full differs from empty
  MessageBufferHandle_t buffer_;
};

}  // namespace jambox::esp32s3
