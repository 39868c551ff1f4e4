// Updates for tests: app images of any size, patches between them, and the backend's side of it
// with everything that can go wrong there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace jambox::test {

using Bytes = std::vector<std::uint8_t>;

// An app image with checksum and hash whose payload follows from `seed`.
Bytes make_image(std::uint32_t seed, std::uint32_t payload_bytes = 2000, std::uint8_t chip_id = 9);
// A patch without compression that brings the whole of `image`, for units that run `base`.
Bytes make_patch(const Bytes& base, const Bytes& image);
// The same around any detools data.
Bytes with_header(const Bytes& base, const Bytes& data);

// Answers the three requests of the device API.
class FakeUpdates {
 public:
  Bytes patch;  // empty: there is no update
  std::string target = "6.9.0";
  std::string sha256;  // empty: the true one
  int chunk_status = 200;
  int report_status = 200;
  std::string offer;                 // said instead of the true one
  int damage = 0;                    // so many chunks still arrive with a wrong byte
  int lose = 0;                      // so many answers to chunks still get lost
  std::vector<int> chunks;           // numbers, as asked for
  std::vector<std::string> reports;  // bodies
  int checks = 0;

  // The raw answer to `request`; empty and `mine` false: not about updates.
  std::string answer(const std::string& request, bool& mine);

 private:
  std::string answer_check();
  std::string answer_chunk(int number);
};

}  // namespace jambox::test
