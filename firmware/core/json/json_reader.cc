// JSON object reader, see json_reader.h.
#include "core/json/json_reader.h"

#include "core/base/encoding.h"

namespace jambox {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A position in JSON text; every method leaves it behind what it accepted.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  bool end() const { return at_ >= text_.size(); }
  char peek() const { return end() ? '\0' : text_[at_]; }
  std::string_view since(std::size_t start) const { return text_.substr(start, at_ - start); }

  void blanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }
  bool take(char c) {
    if (end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view w) {
    if (text_.substr(at_, w.size()) != w) return false;
    at_ += w.size();
    return true;
  }

  bool string();
  bool number();
  bool value(int depth);

 private:
  bool escape();
  bool digits();
  bool array(int depth);
  bool object(int depth);

  std::string_view text_;
  std::size_t at_ = 0;
};

bool JsonCursor::string() {
  if (!take('"')) return false;
  while (!end()) {
    const char c = text_[at_++];
    if (c == '"') return true;
    if (static_cast<unsigned char>(c) < 0x20) return false;
    if (c == '\\' && !escape()) return false;
  }
  return false;
}

bool JsonCursor::escape() {
  if (end()) return false;
  const char c = text_[at_++];
  if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
  for (int i = 0; i < 4; ++i) {
    if (end() || hex_value(text_[at_++]) < 0) return false;
  }
  return true;
}

bool JsonCursor::digits() {
  if (!is_digit(peek())) return false;
  while (is_digit(peek())) ++at_;
  return true;
}

bool JsonCursor::number() {
  take('-');
  if (!take('0') && !digits()) return false;
  if (take('.') && !digits()) return false;
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    return digits();
  }
  return true;
}

bool JsonCursor::value(int depth) {
  const char c = peek();
  if (c == '"') return string();
  if (c == '{') return depth < JsonObject::kDepthMax && object(depth);
  if (c == '[') return depth < JsonObject::kDepthMax && array(depth);
  if (c == 't') return word("true");
  if (c == 'f') return word("false");
  if (c == 'n') return word("null");
  return number();
}

bool JsonCursor::array(int depth) {
  take('[');
  blanks();
  if (take(']')) return true;
  do {
    blanks();
    if (!value(depth + 1)) return false;
    blanks();
  } while (take(','));
  return take(']');
}

bool JsonCursor::object(int depth) {
  take('{');
  blanks();
  if (take('}')) return true;
  do {
    blanks();
    if (!string()) return false;
    blanks();
    if (!take(':')) return false;
    blanks();
    if (!value(depth + 1)) return false;
    blanks();
  } while (take(','));
  return take('}');
}

// UTF-8 of a code unit of the basic plane; surrogates become '?', no text of ours needs them.
void add_code_unit(unsigned code, TextBuilder& out) {
  if (code < 0x80) {
    out.add(static_cast<char>(code));
  } else if (code < 0x800) {
    out.add(static_cast<char>(0xC0 | (code >> 6))).add(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code >= 0xD800 && code <= 0xDFFF) {
    out.add('?');
  } else {
    out.add(static_cast<char>(0xE0 | (code >> 12)));
    out.add(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out.add(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

void unescape(std::string_view raw, TextBuilder& out) {
  constexpr std::string_view kLetters = "bfnrt";
  constexpr std::string_view kBytes = "\b\f\n\r\t";
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      out.add(raw[i]);
      continue;
    }
    const char c = raw[++i];
    const std::size_t letter = kLetters.find(c);
    if (c == 'u') {
      unsigned code = 0;
      for (int k = 0; k < 4; ++k) code = code * 16 + static_cast<unsigned>(hex_value(raw[++i]));
      add_code_unit(code, out);
    } else {
      out.add(letter == std::string_view::npos ? c : kBytes[letter]);
    }
  }
}

}  // namespace

bool JsonObject::parse(std::string_view text) {
  count_ = 0;
  JsonCursor cursor(text);
  cursor.blanks();
  if (!cursor.take('{')) return false;
  cursor.blanks();
  if (!cursor.take('}')) {
    do {
      cursor.blanks();
      const std::size_t key_at = cursor.at();
      if (count_ >= kFieldsMax || !cursor.string()) return false;
      const std::string_view key = cursor.since(key_at + 1);
      cursor.blanks();
      if (!cursor.take(':')) return false;
      cursor.blanks();
      const std::size_t value_at = cursor.at();
      if (!cursor.value(1)) return false;
      fields_[count_++] = {key.substr(0, key.size() - 1), cursor.since(value_at)};
      cursor.blanks();
    } while (cursor.take(','));
    if (!cursor.take('}')) return false;
  }
  cursor.blanks();
  return cursor.end();
}

const JsonObject::Field* JsonObject::find(std::string_view key) const {
  for (int i = count_ - 1; i >= 0; --i) {  // the last of several, as JSON.parse does
    if (fields_[i].key == key) return &fields_[i];
  }
  return nullptr;
}

std::optional<std::int64_t> JsonObject::integer(std::string_view key) const {
  const Field* field = find(key);
  return field == nullptr ? std::nullopt : parse_int(field->value);
}

std::optional<bool> JsonObject::boolean(std::string_view key) const {
  const Field* field = find(key);
  if (field == nullptr || (field->value != "true" && field->value != "false")) return std::nullopt;
  return field->value == "true";
}

std::string_view JsonObject::raw(std::string_view key) const {
  const Field* field = find(key);
  return field == nullptr ? std::string_view() : field->value;
}

bool JsonObject::text(std::string_view key, TextBuilder& out) const {
  const Field* field = find(key);
  out.clear();
  if (field == nullptr || field->value.front() != '"') return false;
  unescape(field->value.substr(1, field->value.size() - 2), out);
  return !out.truncated();
}

}  // namespace jambox
