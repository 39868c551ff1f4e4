// Finds out what lies in an app slot: how long the image is, for which chip, and the SHA-256 it
// carries at its end, which names it. Format: docs/formats/app-image.md. Knows no slot.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/sha256.h"
#include "core/ports/flash.h"

namespace jambox {

struct AppImage {
  std::uint32_t size;  // with checksum and hash
  std::uint16_t chip_id;
  std::uint8_t digest[Sha256::kBytes];
};

// Reads the headers of the image at the start of `flash`; its bytes are not checked against its
// hash. Nothing when there is no image, it carries no hash, or is longer than `limit` bytes.
std::optional<AppImage> find_app_image(Flash& flash, std::uint32_t limit);

}  // namespace jambox
