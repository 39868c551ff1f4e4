// Access points of a scan, see access_points.h.
//
//   802.11 management header, 24 bytes     beacon and probe response body
//   0  frame control 0x80, 0x50            timestamp 8, interval 2, capabilities 2,
//   16 BSSID                               elements: id u8, length u8, bytes
#include "core/geolocation/access_points.h"

#include "core/capture/frames.h"
#include "core/json/json_writer.h"

namespace jambox {

namespace {

constexpr std::uint8_t kBeacon = 0x80;
constexpr std::uint8_t kProbeResponse = 0x50;
constexpr std::size_t kBssidAt = 16;
constexpr std::size_t kElementsAt = 36;
constexpr std::uint8_t kGroupOrLocal = 0x03;
constexpr std::uint8_t kChannelMax = 13;

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

void add_bssid(TextBuilder& out, std::uint64_t bssid) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (int shift = 40; shift >= 0; shift -= 8) {
    out.add(kHex[bssid >> (shift + 4) & 0xF]).add(kHex[bssid >> shift & 0xF]);
    if (shift > 0) out.add(':');
  }
}

}  // namespace

std::optional<AccessPoint> parse_access_point(const RadioFrame& frame) {
  if (frame.kind != RadioFrame::Kind::kWifiManagement) return std::nullopt;
  const std::span<const std::uint8_t> bytes(frame.bytes, frame.size);
  if (bytes.size() < kElementsAt) return std::nullopt;
  if (bytes[0] != kBeacon && bytes[0] != kProbeResponse) return std::nullopt;
  if ((bytes[kBssidAt] & kGroupOrLocal) != 0) return std::nullopt;
  AccessPoint found{0, frame.rssi_dbm, frame.channel};
  for (std::size_t i = 0; i < 6; ++i) found.bssid = found.bssid << 8 | bytes[kBssidAt + i];
  // A beacon may be longer than the buffer: what is cut ends the search. Both come early in it.
  std::span<const std::uint8_t> rest = bytes.subspan(kElementsAt);
  while (rest.size() >= 2 && rest.size() - 2 >= rest[1]) {
    const std::span<const std::uint8_t> value = rest.subspan(2, rest[1]);
    if (rest[0] == kSsid) {
      const std::string_view name(reinterpret_cast<const char*>(value.data()), value.size());
      if (ends_with(name, "_nomap")) return std::nullopt;
    } else if (rest[0] == kDsParameter && value.size() == 1) {
      found.channel = value[0];  // heard on a neighbouring one, perhaps
    }
    rest = rest.subspan(2u + rest[1]);
  }
  if (found.channel < 1 || found.channel > kChannelMax || found.bssid == 0) return std::nullopt;
  return found;
}

void AccessPoints::add(const AccessPoint& heard) {
  int at = 0;
  while (at < count_ && points_[at].bssid != heard.bssid) ++at;
  if (at < count_ && points_[at].rssi_dbm >= heard.rssi_dbm) return;
  if (at == count_) {
    if (count_ < kMax) ++count_;
    else if (points_[--at].rssi_dbm >= heard.rssi_dbm) return;
  }
  for (; at > 0 && points_[at - 1].rssi_dbm < heard.rssi_dbm; --at) points_[at] = points_[at - 1];
  points_[at] = heard;
}

void AccessPoints::clear() {
  for (AccessPoint& point : points_) point = AccessPoint{};
  count_ = 0;
}

void AccessPoints::add_json(TextBuilder& out) const {
  out.add('[');
  for (int i = 0; i < count_; ++i) {
    if (i > 0) out.add(',');
    FixedText<17> bssid;
    add_bssid(bssid, points_[i].bssid);
    JsonWriter json(out);
    json.text("bssid", bssid.view()).integer("rssi", points_[i].rssi_dbm);
    json.integer("ch", points_[i].channel).end();
  }
  out.add(']');
}

}  // namespace jambox
