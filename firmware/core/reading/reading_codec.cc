// Reading entries, see reading_codec.h.
//
//   0 magic u16   2 version u8   3 flags u8   4 seq   8 boot   12 owner   16 start u48   22 end u48
//   28 start by the clock   32 dropped   36 counts, 18 × u24   90 Wi-Fi RSSI   99 BLE RSSI
//   108 CRC-32 of all before. RSSI: count u24, sum i32, min i8, max i8. Little endian.
#include "core/reading/reading_codec.h"

#include "core/base/crc.h"
#include "core/base/units.h"

namespace jambox {

namespace {

constexpr std::uint64_t kMagic = 0x524A;  // "JR"
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kCrcAt = kReadingBodyBytes - 4;
constexpr std::uint64_t kHasVisits = 1;  // flag; entries of before the estimate have 0

class Writer {
 public:
  explicit Writer(std::uint8_t* out) : out_(out) {}
  void put(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) *out_++ = static_cast<std::uint8_t>(value >> 8 * i);
  }
  void put(const RssiStats& stats) {
    put(stats.count(), 3);
    put(static_cast<std::uint64_t>(stats.sum()), 4);
    put(static_cast<std::uint64_t>(stats.min()), 1);
    put(static_cast<std::uint64_t>(stats.max()), 1);
  }

 private:
  std::uint8_t* out_;
};

class Reader {
 public:
  explicit Reader(const std::uint8_t* in) : in_(in) {}
  std::uint64_t take(int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= static_cast<std::uint64_t>(*in_++) << 8 * i;
    return value;
  }
  std::uint32_t take_u32() { return static_cast<std::uint32_t>(take(4)); }
  RssiStats take_rssi() {
    const auto count = static_cast<std::uint32_t>(take(3));
    const auto sum = static_cast<std::int32_t>(take(4));
    const auto min = static_cast<std::int8_t>(take(1));
    const auto max = static_cast<std::int8_t>(take(1));
    return RssiStats::of(count, sum, min, max);
  }

 private:
  const std::uint8_t* in_;
};

// The counts in their order in the entry: kCountFields of them.
template <typename C, typename Visit>
void each_count(C& c, Visit visit) {
  visit(c.impressions), visit(c.device_minutes);
  for (auto& zone : c.zones) visit(zone);
  for (auto& stay : c.stays) visit(stay);
  visit(c.rejected_static), visit(c.overflow);
  visit(c.ble_impressions), visit(c.ble_device_minutes);
  visit(c.ble_apple), visit(c.ble_other);
  visit(c.visits), visit(c.occupancy_x10);
}

}  // namespace

void encode_reading(const Reading& reading, const EntryContext& context, std::uint8_t* out) {
  Writer writer(out);
  writer.put(kMagic, 2);
  writer.put(kVersion, 1);
  writer.put(reading.has_visits ? kHasVisits : 0, 1);
  writer.put(reading.seq, 4);
  writer.put(reading.boot, 4);
  writer.put(context.owner, 4);
  writer.put(reading.start, 6);
  writer.put(reading.end, 6);
  writer.put(static_cast<std::uint64_t>(reading.start_unix_s), 4);
  writer.put(context.dropped, 4);
  each_count(reading.counts,
             [&](std::uint32_t count) { writer.put(count < kCountMax ? count : kCountMax, 3); });
  writer.put(reading.counts.probe_rssi);
  writer.put(reading.counts.ble_rssi);
  writer.put(crc32(out, kCrcAt), 4);
}

std::optional<DecodedEntry> decode_reading(const std::uint8_t* body) {
  Reader reader(body);
  if (reader.take(2) != kMagic || reader.take(1) != kVersion) return std::nullopt;
  if (Reader(body + kCrcAt).take(4) != crc32(body, kCrcAt)) return std::nullopt;
  DecodedEntry entry;
  Reading& reading = entry.reading;
  reading.has_visits = (reader.take(1) & kHasVisits) != 0;
  reading.seq = reader.take_u32();
  reading.boot = reader.take_u32();
  entry.context.owner = reader.take_u32();
  reading.start = reader.take(6);
  reading.end = reader.take(6);
  reading.start_unix_s = static_cast<std::int64_t>(reader.take(4));
  entry.context.dropped = reader.take_u32();
  each_count(reading.counts,
             [&](std::uint32_t& count) { count = static_cast<std::uint32_t>(reader.take(3)); });
  reading.counts.probe_rssi = reader.take_rssi();
  reading.counts.ble_rssi = reader.take_rssi();
  return entry;
}

}  // namespace jambox
