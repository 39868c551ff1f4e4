// Reference vectors for tests, read from shared/vectors at run time: the tests run in the project's
// root, under WebAssembly with that folder opened for them (scripts/firmware/run-wasi.ts).
#pragma once

#include <cstdint>
#include <vector>

namespace jambox::test {

// The file `path` below shared/vectors. A missing file fails the running test.
std::vector<std::uint8_t> vector_file(const char* path);

}  // namespace jambox::test
