// Port: one RGB light.
#pragma once

#include <cstdint>

namespace jambox {

class LedPort {
 public:
  virtual void set_rgb(std::uint8_t r, std::uint8_t g, std::uint8_t b) = 0;

 protected:
  ~LedPort() = default;
};

}  // namespace jambox
