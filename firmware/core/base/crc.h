// Checksums of stored and transmitted bytes. Sources: zlib's crc32 (reflected 0xEDB88320), and
// CRC-16/CCITT-FALSE (0x1021, initial FFFF) of the device API's chunks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace jambox {

// "123456789" → CBF43926. `before` continues an earlier call's result.
std::uint32_t crc32(const void* data, std::size_t size, std::uint32_t before = 0);
// "123456789" → 29B1.
std::uint16_t crc16_ccitt_false(const void* data, std::size_t size);

}  // namespace jambox
