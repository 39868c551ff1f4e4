// Bytes as text: hexadecimal and base64 (RFC 4648, with padding). Strict; knows no use of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/text.h"

namespace jambox {

// Appends two lowercase digits per byte.
void add_hex(TextBuilder& out, const std::uint8_t* bytes, std::size_t size);
// Value of a hexadecimal digit in either case; −1: it is none.
int hex_value(char c);
// False unless `text` is exactly `size` bytes in hexadecimal digits.
bool parse_hex(std::string_view text, std::uint8_t* out, std::size_t size);

// Number of bytes put into `out`, −1 when `text` is no base64 or holds more than `capacity`.
int decode_base64(std::string_view text, std::uint8_t* out, std::size_t capacity);

}  // namespace jambox
