// Port: named values that survive power loss (NVS). Keys have at most 15 characters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace jambox {

class KeyValue {
 public:
  // Run-time state (writable) or the identity the bench wrote (read-only).
  enum class Store : std::uint8_t { kState, kFactory };

  // Any unsigned integer entry; false when absent.
  virtual bool get_u32(Store store, std::string_view key, std::uint32_t& value) = 0;
  // Length of the text put into `out`, or -1 when absent or longer than `capacity`.
  virtual int get_text(Store store, std::string_view key, char* out, std::size_t capacity) = 0;
  // False when the store is full or failed; the old value is then still there.
  virtual bool set_u32(std::string_view key, std::uint32_t value) = 0;
  virtual bool set_text(std::string_view key, std::string_view value) = 0;
  // Forgets one key of the state.
  virtual bool erase(std::string_view key) = 0;
  // Forgets the whole state, never the identity.
  virtual bool erase_all() = 0;

 protected:
  ~KeyValue() = default;
};

}  // namespace jambox
