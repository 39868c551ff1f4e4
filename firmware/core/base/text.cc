// Bounded text, see text.h.
#include "core/base/text.h"

namespace jambox {

TextBuilder& TextBuilder::add(std::string_view text) {
  const std::size_t room = capacity_ - size_;
  const std::size_t n = text.size() <= room ? text.size() : room;
  if (n > 0) std::memcpy(data_ + size_, text.data(), n);
  size_ += n;
  if (n < text.size()) truncated_ = true;
  return *this;
}

TextBuilder& TextBuilder::add_int(std::int64_t value) {
  if (value < 0) {
    add('-');
    return add_padded(~static_cast<std::uint64_t>(value) + 1, 1);
  }
  return add_padded(static_cast<std::uint64_t>(value), 1);
}

TextBuilder& TextBuilder::add_padded(std::uint64_t value, int width) {
  char digits[24];
  int n = 0;
  do {
    digits[n++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value > 0 && n < 20);
  while (n < width && n < 20) digits[n++] = '0';
  while (n > 0) add(digits[--n]);
  return *this;
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

namespace {
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<std::int64_t> parse_int(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 18) return std::nullopt;  // 18 digits always fit an int64
  std::int64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  const std::string_view head = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return head;
}

}  // namespace jambox
