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

int run_all(std::string_view filter) {
  int passed = 0;
  int failed = 0;
  for (TestCase* test = first_test(); test != nullptr; test = test->next) {
    if (std::string_view(test->name).find(filter) == std::string_view::npos) continue;
    failures_in_test = 0;
    const auto began = std::chrono::steady_clock::now();
    test->run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    if (took.count() > kSlowSeconds) std::printf("  %s took %.1f s\n", test->name, took.count());
    if (failures_in_test == 0) ++passed;
    else ++failed;
    if (failures_in_test > 0) std::printf("FAILED %s\n", test->name);
  }
  if (passed + failed == 0) {
    std::printf("no test has \"%.*s\" in its name\n", static_cast<int>(filter.size()),
                filter.data());
    failed = 1;
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed;
}

void list_all() {
  for (TestCase* test = first_test(); test != nullptr; test = test->next) std::puts(test->name);
}

}  // namespace jambox::test

// `--filter TEXT`: only the tests with TEXT in their name. `--list`: their names, without a run.
int main(int argc, char** argv) {
  std::string_view filter;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--filter" && i + 1 < argc) {
      filter = argv[++i];
    } else if (argument == "--list") {
      jambox::test::list_all();
      return 0;
    } else {
      std::printf("usage: %s [--filter TEXT] [--list]\n", argv[0]);
      return 2;
    }
  }
  return jambox::test::run_all(filter) == 0 ? 0 : 1;
}
