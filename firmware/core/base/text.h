// Bounded text: built without a heap, cut and marked when it would overflow. Knows no format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace jambox {

// Appends to storage it does not own. What does not fit is left out and `truncated()` says so.
class TextBuilder {
 public:
  TextBuilder(char* storage, std::size_t capacity) : data_(storage), capacity_(capacity) {}
  TextBuilder(const TextBuilder&) = delete;
  TextBuilder& operator=(const TextBuilder&) = delete;

  TextBuilder& add(std::string_view text);
  TextBuilder& add(char c) { return add(std::string_view(&c, 1)); }
  TextBuilder& add_int(std::int64_t value);
  // `value` with leading zeros up to `width` digits.
  TextBuilder& add_padded(std::uint64_t value, int width);
  void clear() { size_ = 0, truncated_ = false; }
  void assign(std::string_view text) { clear(), add(text); }

  std::string_view view() const { return {data_, size_}; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool truncated() const { return truncated_; }

 private:
  char* data_;
  std::size_t capacity_;
  std::size_t size_ = 0;
  bool truncated_ = false;
};

// A TextBuilder with its own room for N characters.
template <std::size_t N>
class FixedText : public TextBuilder {
 public:
  FixedText() : TextBuilder(storage_, N) {}

 private:
  char storage_[N];
};

// `c` if it is printable ASCII, else '?'.
inline char printable(char c) { return c >= 0x20 && c < 0x7f ? c : '?'; }

bool starts_with(std::string_view text, std::string_view prefix);
bool contains(std::string_view text, std::string_view part);
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);

// Whole text as a decimal number with optional sign; nothing else around it.
std::optional<std::int64_t> parse_int(std::string_view text);

// Cuts `text` at the first `separator`: returns what is before, leaves what is behind.
std::string_view take_until(std::string_view& text, char separator);

}  // namespace jambox
