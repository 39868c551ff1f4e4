// The door through which libFuzzer, or driver.cc in its place, feeds the chosen target.
#include "host/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const jambox::fuzz::Target& target = jambox::fuzz::chosen_target();
  target.run(data, size);
  return 0;
}
