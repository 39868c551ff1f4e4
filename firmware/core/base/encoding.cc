// Bytes as text, see encoding.h.
#include "core/base/encoding.h"

namespace jambox {

namespace {

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

}  // namespace

void add_hex(TextBuilder& out, const std::uint8_t* bytes, std::size_t size) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (std::size_t i = 0; i < size; ++i) {
    out.add(kDigits[bytes[i] >> 4]).add(kDigits[bytes[i] & 15]);
  }
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool parse_hex(std::string_view text, std::uint8_t* out, std::size_t size) {
  if (text.size() != 2 * size) return false;
  for (std::size_t i = 0; i < size; ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

int decode_base64(std::string_view text, std::uint8_t* out, std::size_t capacity) {
  if (text.size() % 4 != 0) return -1;
  std::size_t padding = 0;
  while (padding < 2 && !text.empty() && text.back() == '=') {
    text.remove_suffix(1);
    ++padding;
  }
  std::size_t size = 0;
  std::uint32_t bits = 0;
  int waiting = 0;
  for (const char c : text) {
    const int digit = base64_value(c);
    if (digit < 0) return -1;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    waiting += 6;
    if (waiting < 8) continue;
    waiting -= 8;
    if (size == capacity) return -1;
    out[size++] = static_cast<std::uint8_t>(bits >> waiting);
  }
  // What is left over are the zeros that fill the last digit.
  return (bits & ((1u << waiting) - 1)) == 0 ? static_cast<int>(size) : -1;
}

}  // namespace jambox
