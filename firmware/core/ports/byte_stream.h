// Port: bytes to and from somebody who may be slow or away: the bench over USB, the modem. Both
// calls return at once.
#pragma once

#include <cstddef>

namespace jambox {

class ByteStream {
 public:
  // Takes up to `size` bytes; returns how many were accepted, 0 when there is no room or nobody
  // listens.
  virtual std::size_t write(const char* data, std::size_t size) = 0;
  // Fills up to `capacity` bytes; returns how many there were, 0 = none.
  virtual std::size_t read(char* data, std::size_t capacity) = 0;

 protected:
  ~ByteStream() = default;
};

}  // namespace jambox
