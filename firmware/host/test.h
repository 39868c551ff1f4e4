// The whole test harness: TEST registers a function, CHECK notes a failure and goes on. Runs the
// same under g++ with sanitizers and as WebAssembly.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace jambox::test {

struct TestCase {
  const char* name;
  void (*run)();
  TestCase* next;
};

// Head of the list of all tests, in no particular order.
TestCase*& first_test();

struct Registration {
  explicit Registration(TestCase& test) {
    test.next = first_test();
    first_test() = &test;
  }
};

// Notes a failed check of the running test.
void note_failure(const char* file, int line, const std::string& what);

// Runs every test, prints one line each and a tally; the number of failed tests.
int run_all();

inline std::string shown(std::string_view text) { return "\"" + std::string(text) + "\""; }
inline std::string shown(bool value) { return value ? "true" : "false"; }
template <typename T>
std::string shown(const T& value) {
  if constexpr (requires { std::string_view(value); }) return shown(std::string_view(value));
  else return std::to_string(static_cast<long long>(value));
}

}  // namespace jambox::test

#define TEST(name)                                                               \
  static void test_##name();                                                     \
  static jambox::test::TestCase case_##name{#name, test_##name, nullptr};        \
  static const jambox::test::Registration registration_##name(case_##name);      \
  static void test_##name()

#define CHECK(condition)                                                         \
  do {                                                                           \
    if (!(condition)) jambox::test::note_failure(__FILE__, __LINE__, #condition); \
  } while (false)

#define CHECK_EQ(actual, expected)                                               \
  do {                                                                           \
    const auto got_ = (actual);                                                  \
    const auto want_ = (expected);                                               \
    if (!(got_ == want_))                                                        \
      jambox::test::note_failure(__FILE__, __LINE__,                             \
                                 std::string(#actual " is ") +                   \
                                     jambox::test::shown(got_) + ", wanted " +   \
                                     jambox::test::shown(want_));                \
  } while (false)
