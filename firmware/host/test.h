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

// Notes a failed check of the running test. Not inline: hundreds of checks call it.
void check(bool ok, const char* file, int line, const char* what);
void note_difference(const char* file, int line, const char* what, const std::string& got,
                     const std::string& wanted);

// Runs every test with `filter` in its name, prints what fails and a tally; the number of failed
// tests. No test with such a name is a failure.
int run_all(std::string_view filter);
// Prints the name of every test.
void list_all();

inline std::string shown(std::string_view text) { return "\"" + std::string(text) + "\""; }
inline std::string shown(bool value) { return value ? "true" : "false"; }
template <typename T>
std::string shown(const T& value) {
  if constexpr (requires { std::string_view(value); }) return shown(std::string_view(value));
  else return std::to_string(static_cast<long long>(value));
}

template <typename Got, typename Wanted>
void check_equal(const Got& got, const Wanted& wanted, const char* file, int line,
                 const char* what) {
  if (!(got == wanted)) note_difference(file, line, what, shown(got), shown(wanted));
}

}  // namespace jambox::test

#define TEST(name)                                                          \
  static void test_##name();                                                \
  static jambox::test::TestCase case_##name{#name, test_##name, nullptr};   \
  static const jambox::test::Registration registration_##name(case_##name); \
  static void test_##name()

#define CHECK(condition) \
  jambox::test::check((condition) ? true : false, __FILE__, __LINE__, #condition)

#define CHECK_EQ(actual, expected) \
  jambox::test::check_equal((actual), (expected), __FILE__, __LINE__, #actual)
