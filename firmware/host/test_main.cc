// Runs the tests of firmware/core, see test.h. The last line is the tally.
#include "host/test.h"

#include <chrono>

namespace jambox::test {

namespace {
int failures_in_test = 0;
// A test of the core has no reason to compute for longer, sanitizers and all.
constexpr double kSlowSeconds = 5;
}  // namespace

TestCase*& first_test() {
  static TestCase* first = nullptr;
  return first;
}

void check(bool ok, const char* file, int line, const char* what) {
  if (ok) return;
  ++failures_in_test;
  if (failures_in_test > 10) return;  // a loop that fails fails for one reason
  std::printf("  %s:%d: %s\n", file, line, what);
}

void note_difference(const char* file, int line, const char* what, const std::string& got,
                     const std::string& wanted) {
  check(false, file, line, (std::string(what) + " is " + got + ", wanted " + wanted).c_str());
}

int run_all() {
  int passed = 0;
  int failed = 0;
  for (TestCase* test = first_test(); test != nullptr; test = test->next) {
    failures_in_test = 0;
    const auto began = std::chrono::steady_clock::now();
    test->run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    if (took.count() > kSlowSeconds) std::printf("  %s took %.1f s\n", test->name, took.count());
    if (failures_in_test == 0) ++passed;
    else ++failed;
    if (failures_in_test > 0) std::printf("FAILED %s\n", test->name);
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed;
}

}  // namespace jambox::test

int main() { return jambox::test::run_all() == 0 ? 0 : 1; }
