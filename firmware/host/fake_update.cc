// Updates for tests, see fake_update.h.
#include "host/fake_update.h"

#include <cstring>

#include "core/base/crc.h"
#include "core/base/encoding.h"
#include "core/base/sha256.h"
#include "host/fake_ports.h"

namespace jambox::test {

namespace {

constexpr std::size_t kFakeChunk = 512;

void append_sha256(Bytes& bytes) {
  Sha256 hash;
  hash.update(bytes.data(), bytes.size());
  std::uint8_t digest[Sha256::kBytes];
  hash.finish(digest);
  bytes.insert(bytes.end(), digest, digest + sizeof digest);
}

void append_number(Bytes& bytes, std::uint32_t value) {
  bytes.push_back(static_cast<std::uint8_t>((value & 0x3F) | (value > 0x3F ? 0x80 : 0)));
  for (value >>= 6; value > 0; value >>= 7) {
    bytes.push_back(static_cast<std::uint8_t>((value & 0x7F) | (value > 0x7F ? 0x80 : 0)));
  }
}

std::string to_base64(const std::uint8_t* bytes, std::size_t size) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < size; at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) group = group << 8 | (at + i < size ? bytes[at + i] : 0u);
    for (std::size_t i = 0; i < 4; ++i) {
      text += at + i <= size ? kDigits[group >> (18 - 6 * i) & 63] : '=';
    }
  }
  return text;
}

std::string query_value(const std::string& request, const std::string& name) {
  const std::size_t at = request.find(name + "=");
  if (at == std::string::npos) return "";
  const std::size_t from = at + name.size() + 1;
  return request.substr(from, request.find_first_of("& ", from) - from);
}

}  // namespace

Bytes make_image(std::uint32_t seed, std::uint32_t payload_bytes, std::uint8_t chip_id) {
  Bytes image(24);
  image[0] = 0xE9;
  image[1] = 1;
  image[12] = chip_id;
  image[23] = 1;
  const std::uint32_t segment[2] = {0x42000020, payload_bytes};
  const auto* head = reinterpret_cast<const std::uint8_t*>(segment);
  image.insert(image.end(), head, head + sizeof segment);
  for (std::uint32_t i = 0; i < payload_bytes; ++i) {
    seed = seed * 1664525u + 1013904223u;
    image.push_back(static_cast<std::uint8_t>(seed >> 24));
  }
  image.resize(image.size() / 16 * 16 + 16);
  append_sha256(image);
  return image;
}

Bytes with_header(const Bytes& base, const Bytes& data) {
  Bytes patch{0x10, 0xDE, 0xCD, 0xFC};
  patch.insert(patch.end(), base.end() - 32, base.end());
  patch.resize(64);
  patch.insert(patch.end(), data.begin(), data.end());
  return patch;
}

Bytes make_patch(const Bytes& base, const Bytes& image) {
  const auto size = static_cast<std::uint32_t>(image.size());
  Bytes data{0x00};
  append_number(data, size);
  data.insert(data.end(), {0, 0});  // no data format, no diff
  append_number(data, size);
  data.insert(data.end(), image.begin(), image.end());
  return with_header(base, data);
}

std::string FakeUpdates::answer(const std::string& request, bool& mine) {
  mine = true;
  if (request.rfind("POST /api/ota/check ", 0) == 0) return answer_check();
  if (request.rfind("GET /api/ota/chunk?", 0) == 0) {
    return answer_chunk(std::stoi(query_value(request, "chunk")));
  }
  mine = request.rfind("POST /api/ota/complete ", 0) == 0;
  if (!mine) return "";
  reports.push_back(request.substr(request.find("\r\n\r\n") + 4));
  return http(report_status, R"({"status":"ok"})");
}

std::string FakeUpdates::answer_check() {
  ++checks;
  if (!offer.empty()) return http(200, offer);
  if (patch.empty()) return http(200, R"({"update_available":false,"reason":"up_to_date"})");
  Bytes copy = patch;
  append_sha256(copy);
  FixedText<64> hash;
  add_hex(hash, copy.data() + patch.size(), 32);
  const std::string sha = sha256.empty() ? std::string(hash.view()) : sha256;
  const std::size_t count = (patch.size() + kFakeChunk - 1) / kFakeChunk;
  return http(200, R"({"update_available":true,"target":")" + target + R"(","patch_size":)" +
                       std::to_string(patch.size()) + R"(,"chunk_count":)" + std::to_string(count) +
                       R"(,"sha256":")" + sha + R"(","target_version":")" + target +
                       R"(","chunk_size":512,"resume_from":0})");
}

std::string FakeUpdates::answer_chunk(int number) {
  chunks.push_back(number);
  if (lose > 0 && lose-- > 0) return "";
  if (chunk_status != 200) return http(chunk_status, R"({"error":"no"})");
  const std::size_t from = static_cast<std::size_t>(number) * kFakeChunk;
  if (from >= patch.size()) return http(404, R"({"error":"no such chunk"})");
  const std::size_t size = std::min(kFakeChunk, patch.size() - from);
  Bytes part(patch.begin() + static_cast<long>(from),
             patch.begin() + static_cast<long>(from + size));
  const std::string crc = std::to_string(crc16_ccitt_false(part.data(), size));
  if (damage > 0 && damage-- > 0) part[size / 2] ^= 1;
  const bool last = from + size == patch.size();
  return http(200, R"({"chunk":)" + std::to_string(number) + R"(,"data":")" +
                       to_base64(part.data(), size) + R"(","crc":)" + crc + R"(,"final":)" +
                       (last ? "true" : "false") + R"(,"crc16":)" + crc + "}");
}

}  // namespace jambox::test
