// App images, see app_image.h.
//
//   0 magic E9 | 1 segments | 12 chip id u16 | 23 hash flag | 24 per segment: address u32, size
//   u32, data | zeros and a checksum up to 16 bytes | SHA-256 of all before. Little endian.
#include "core/ota/app_image.h"

namespace jambox {

namespace {

constexpr std::uint32_t kImageHeader = 24;
constexpr std::uint32_t kSegmentHeader = 8;
// ESP-IDF, esp_app_format.h: ESP_IMAGE_MAX_SEGMENTS.
constexpr int kImageSegmentsMax = 16;

std::uint32_t image_u32(const std::uint8_t* p) {
  return static_cast<std::uint32_t>(p[0] | p[1] << 8 | p[2] << 16) |
         static_cast<std::uint32_t>(p[3]) << 24;
}

}  // namespace

std::optional<AppImage> find_app_image(Flash& flash, std::uint32_t limit) {
  std::uint8_t head[kImageHeader];
  if (!flash.read(0, head, sizeof head)) return std::nullopt;
  if (head[0] != 0xE9 || head[1] == 0 || head[1] > kImageSegmentsMax || head[23] != 1) {
    return std::nullopt;
  }
  std::uint32_t at = kImageHeader;
  for (int i = 0; i < head[1]; ++i) {
    std::uint8_t segment[kSegmentHeader];
    if (at > limit || !flash.read(at, segment, sizeof segment)) return std::nullopt;
    const std::uint32_t size = image_u32(segment + 4);
    if (size > limit) return std::nullopt;
    at += kSegmentHeader + size;
  }
  const std::uint32_t hashed = at / 16 * 16 + 16;  // the checksum is a byte of its own
  AppImage image{};
  image.size = hashed + static_cast<std::uint32_t>(Sha256::kBytes);
  image.chip_id = static_cast<std::uint16_t>(head[12] | head[13] << 8);
  if (image.size > limit || !flash.read(hashed, image.digest, sizeof image.digest)) {
    return std::nullopt;
  }
  return image;
}

}  // namespace jambox
