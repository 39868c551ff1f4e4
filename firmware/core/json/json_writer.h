// Writes one compact JSON object, keys in the order of the calls. Knows no schema.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/text.h"

namespace jambox {

class JsonWriter {
 public:
  // Begins the object; `out` is appended to, so that a caller may frame it.
  explicit JsonWriter(TextBuilder& out) : out_(out) { out_.add('{'); }

  JsonWriter& integer(std::string_view key, std::int64_t value);
  JsonWriter& boolean(std::string_view key, bool value);
  JsonWriter& null(std::string_view key);
  // Escapes what JSON demands; bytes that are not printable ASCII become '?', so that the record
  // stays valid whatever the modem says.
  JsonWriter& text(std::string_view key, std::string_view value);
  // `json` as it is, e.g. a list.
  JsonWriter& raw(std::string_view key, std::string_view json);
  void end() { out_.add('}'); }

 private:
  void key(std::string_view key);

  TextBuilder& out_;
  bool first_ = true;
};

}  // namespace jambox
