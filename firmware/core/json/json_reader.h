// Reads one flat JSON object (RFC 8259) without a heap: fields stay views into the text. Nested
// values are checked and skipped. Strict about syntax, bounded in fields and depth.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/text.h"

namespace jambox {

class JsonObject {
 public:
  // False when `text` is not exactly one JSON object, has more than kFieldsMax fields or is nested
  // deeper than kDepthMax. `text` must outlive the object.
  bool parse(std::string_view text);

  bool has(std::string_view key) const { return find(key) != nullptr; }
  // Whole numbers only; 1.5, 1e3 and "1" are not.
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::optional<bool> boolean(std::string_view key) const;
  // Puts the unescaped text into `out`; false when absent, no string, or too long for `out`.
  bool text(std::string_view key, TextBuilder& out) const;
  // The value as it stands in the text, e.g. `[1,2]`; empty when absent.
  std::string_view raw(std::string_view key) const;

  static constexpr int kFieldsMax = 24;
  static constexpr int kDepthMax = 8;

 private:
  struct Field {
    std::string_view key;    // raw, between its quotes: our keys need no escapes
    std::string_view value;  // raw, quotes included
  };
  const Field* find(std::string_view key) const;

  Field fields_[kFieldsMax];
  int count_ = 0;
};

}  // namespace jambox
