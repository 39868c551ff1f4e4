// Unit identity, see identity.h.
#include "core/identity/identity.h"

namespace jambox {

namespace {

bool read(KeyValue& kv, std::string_view key, TextBuilder& out) {
  char value[65];
  const int size = kv.get_text(KeyValue::Store::kFactory, key, value, sizeof value);
  out.clear();
  if (size < 0) return false;
  out.add({value, static_cast<std::size_t>(size)});
  return !out.truncated() && !out.empty();
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// These go into AT commands and HTTP headers: nothing may end a string or a line there.
bool consists_of(std::string_view text, std::string_view besides) {
  for (const char c : text) {
    if (!is_alphanumeric(c) && besides.find(c) == std::string_view::npos) return false;
  }
  return true;
}

// Beyond four digits none is a leading zero: JBNB00042 would be taken for JBNB0042.
bool is_device_id(std::string_view id) {
  if (id.size() < 8 || id.size() > kDeviceIdMax || !starts_with(id, "JBNB")) return false;
  for (const char c : id.substr(4)) {
    if (c < '0' || c > '9') return false;
  }
  return id.size() == 8 || id[4] != '0';
}

bool is_bands(std::string_view bands) {
  for (const char c : bands) {
    if (c != ',' && (c < '0' || c > '9')) return false;
  }
  return bands.front() != ',' && bands.back() != ',';
}

}  // namespace

bool Identity::load(KeyValue& kv) {
  if (!read(kv, "apn", apn_) || !consists_of(apn_.view(), "._-")) apn_.assign("hologram");
  if (!read(kv, "bands", bands_) || !is_bands(bands_.view())) bands_.assign("2,4,12,13,66");
  std::uint32_t port = 80;
  kv.get_u32(KeyValue::Store::kFactory, "port", port);
  port_ = static_cast<std::uint16_t>(port);
  problem_ = {};
  const bool has_id = read(kv, "id", id_);
  if (!has_id) problem_ = "no identity in partition fctry; prepare the unit on the bench";
  else if (!is_device_id(id_.view()))
    problem_ = "the device id is not JBNB and four to eight digits";
  else if (!read(kv, "token", token_) || !consists_of(token_.view(), "-_"))
    problem_ = "the token is missing or malformed; prepare the unit again";
  else if (!read(kv, "host", host_) || !consists_of(host_.view(), ".-:[]"))
    problem_ = "the backend's host is missing or malformed; prepare the unit again";
  else if (port == 0 || port > 65535) problem_ = "the backend's port is not 1 to 65535";
  return valid();
}

ModemSettings Identity::modem() const { return {apn_.view(), bands_.view()}; }

}  // namespace jambox
