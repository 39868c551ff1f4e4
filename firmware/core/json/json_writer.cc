// JSON object writer, see json_writer.h.
#include "core/json/json_writer.h"

namespace jambox {

void JsonWriter::key(std::string_view key) {
  if (!first_) out_.add(',');
  first_ = false;
  out_.add('"').add(key).add("\":");
}

JsonWriter& JsonWriter::integer(std::string_view name, std::int64_t value) {
  key(name);
  out_.add_int(value);
  return *this;
}

JsonWriter& JsonWriter::boolean(std::string_view name, bool value) {
  key(name);
  out_.add(value ? "true" : "false");
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view name, std::string_view json) {
  key(name);
  out_.add(json);
  return *this;
}

JsonWriter& JsonWriter::null(std::string_view name) {
  key(name);
  out_.add("null");
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view name, std::string_view value) {
  key(name);
  out_.add('"');
  for (const char c : value) {
    if (c == '"' || c == '\\') out_.add('\\').add(c);
    else out_.add(printable(c));
  }
  out_.add('"');
  return *this;
}

}  // namespace jambox
