// What a fuzz target is: a function that takes any bytes and must neither crash nor break a promise
// of its parser. Runs under libFuzzer (entry.cc) or under our own driver (driver.cc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace jambox::fuzz {

struct Target {
  const char* name;
  void (*run)(const std::uint8_t* data, std::size_t size);
};

// Every target; a new one is added here and in targets.cc.
void fuzz_frames(const std::uint8_t* data, std::size_t size);
void fuzz_http(const std::uint8_t* data, std::size_t size);
void fuzz_at(const std::uint8_t* data, std::size_t size);
void fuzz_console(const std::uint8_t* data, std::size_t size);
void fuzz_json(const std::uint8_t* data, std::size_t size);
void fuzz_journal(const std::uint8_t* data, std::size_t size);
void fuzz_update(const std::uint8_t* data, std::size_t size);

// The target that the environment names in JAMBENCH_FUZZ_TARGET; ends the program without one.
const Target& chosen_target();

// A broken promise: says so and ends the program, which both drivers take for a crash.
inline void promise(bool kept, const char* what) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

// Takes its parts from the front of a fuzzed input.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  const std::uint8_t* data() const { return data_; }
  std::uint8_t byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  // At most `most` bytes as text.
  std::string_view text(std::size_t most) {
    const std::size_t n = most < size_ ? most : size_;
    const std::string_view taken(reinterpret_cast<const char*>(data_), n);
    data_ += n;
    size_ -= n;
    return taken;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

}  // namespace jambox::fuzz
