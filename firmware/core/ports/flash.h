// Port: one raw flash partition with NOR semantics: only erase sets bits to one.
#pragma once

#include <cstdint>

namespace jambox {

class Flash {
 public:
  virtual bool read(std::uint32_t offset, void* data, std::uint32_t size) = 0;
  virtual bool write(std::uint32_t offset, const void* data, std::uint32_t size) = 0;
  // Offset and size in whole sectors of 4096 bytes.
  virtual bool erase(std::uint32_t offset, std::uint32_t size) = 0;

 protected:
  ~Flash() = default;
};

}  // namespace jambox
