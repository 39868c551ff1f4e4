// Log lines of ESP-IDF, see idf_log.h.
#include "idf_log.h"

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "esp_log.h"
#include "freertos/FreeRTOS.h"
#include "freertos/queue.h"

namespace jambox::esp32s3::idf_log {

namespace {

constexpr UBaseType_t kLines = 8;

struct Line {
  char text[kLineMax];
};

StaticQueue_t control;
std::uint8_t storage[kLines * sizeof(Line)];
QueueHandle_t lines = nullptr;

// Runs in whichever task logs, never in an interrupt: early logging does not come here.
int keep(const char* format, va_list arguments) {
  Line line;
  const int wanted = vsnprintf(line.text, sizeof line.text, format, arguments);
  if (wanted <= 0) return 0;
  if (static_cast<std::size_t>(wanted) >= sizeof line.text) line.text[kLineMax - 2] = '\n';
  xQueueSend(lines, &line, 0);  // no room: the line is lost, the task that logs must not wait
  return wanted;
}

}  // namespace

void start() {
  lines = xQueueCreateStatic(kLines, sizeof(Line), storage, &control);
  esp_log_set_vprintf(keep);
}

std::size_t take(char* out) {
  Line line;
  if (lines == nullptr || xQueueReceive(lines, &line, 0) != pdTRUE) return 0;
  const std::size_t size = strnlen(line.text, sizeof line.text);
  std::memcpy(out, line.text, size);
  return size;
}

}  // namespace jambox::esp32s3::idf_log
