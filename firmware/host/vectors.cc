// Reference vectors, see vectors.h.
#include "host/vectors.h"

#include <cstdio>
#include <string>

#include "host/test.h"

namespace jambox::test {

std::vector<std::uint8_t> vector_file(const char* path) {
  std::FILE* file = std::fopen(("shared/vectors/" + std::string(path)).c_str(), "rb");
  if (file == nullptr) {
    check(false, __FILE__, __LINE__, path);
    return {};
  }
  std::vector<std::uint8_t> bytes;
  for (int byte = std::fgetc(file); byte != EOF; byte = std::fgetc(file)) {
    bytes.push_back(static_cast<std::uint8_t>(byte));
  }
  std::fclose(file);
  return bytes;
}

}  // namespace jambox::test
