// The list of fuzz targets.
#include <cstring>

#include "host/fuzz/fuzz.h"

namespace jambox::fuzz {

namespace {
constexpr Target kTargets[] = {
    {"frames", fuzz_frames},   {"http", fuzz_http}, {"at", fuzz_at},
    {"console", fuzz_console}, {"json", fuzz_json}, {"journal", fuzz_journal},
    {"update", fuzz_update},
};
}

const Target& chosen_target() {
  const char* name = std::getenv("JAMBENCH_FUZZ_TARGET");
  for (const Target& target : kTargets) {
    if (name != nullptr && std::strcmp(name, target.name) == 0) return target;
  }
  std::fprintf(stderr, "JAMBENCH_FUZZ_TARGET names no fuzz target\n");
  std::exit(2);
}

}  // namespace jambox::fuzz
