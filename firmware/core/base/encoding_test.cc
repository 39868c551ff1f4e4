// SHA-256 against FIPS 180-4's examples; hexadecimal and base64 against RFC 4648's.
#include "core/base/encoding.h"
#include "core/base/sha256.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

namespace {

std::string hex_of(Sha256& hash) {
  std::uint8_t digest[Sha256::kBytes];
  hash.finish(digest);
  FixedText<64> text;
  add_hex(text, digest, sizeof digest);
  return std::string(text.view());
}

std::string sha256_of(const std::string& message, std::size_t piece) {
  Sha256 hash;
  for (std::size_t at = 0; at < message.size(); at += piece) {
    const std::string part = message.substr(at, piece);
    hash.update(part.data(), part.size());
  }
  return hex_of(hash);
}

std::string base64_of(std::string_view text, std::size_t capacity = 64) {
  std::uint8_t bytes[64];
  const int size = decode_base64(text, bytes, capacity);
  return size < 0 ? "refused" : std::string(bytes, bytes + size);
}

}  // namespace

TEST(hex_digits_have_their_values_and_nothing_else_has) {
  int value = 0;
  for (const char c : std::string_view("0123456789abcdef")) CHECK_EQ(hex_value(c), value++);
  for (const char c : std::string_view("ABCDEF")) CHECK_EQ(hex_value(c), c - 'A' + 10);
  for (const char c : std::string_view("/:@G`g\xff")) CHECK_EQ(hex_value(c), -1);
}

TEST(sha256_gives_the_examples_of_the_standard_in_pieces_of_any_size) {
  const std::string two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  for (const std::size_t piece : {1u, 3u, 55u, 56u, 64u, 1000u}) {
    CHECK_EQ(sha256_of("", piece),
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_EQ(sha256_of("abc", piece),
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_EQ(sha256_of(two, piece),
             "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  }
  CHECK_EQ(sha256_of(std::string(1000000, 'a'), 4096),
           "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(sha256_starts_anew_after_a_reset) {
  Sha256 hash;
  hash.update("x", 1);
  hash.reset();
  hash.update("abc", 3);
  CHECK_EQ(hex_of(hash), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(base64_reads_what_it_should_and_refuses_the_rest) {
  CHECK_EQ(base64_of(""), "");
  CHECK_EQ(base64_of("Zg=="), "f");
  CHECK_EQ(base64_of("Zm8="), "fo");
  CHECK_EQ(base64_of("Zm9v"), "foo");
  CHECK_EQ(base64_of("Zm9vYmFy"), "foobar");
  CHECK_EQ(base64_of("Zm9vYmFy", 5), "refused");
  for (const char* bad : {"Zg", "Zg=", "Zm9vY", "Zm 9", "Zm9-", "=m9v", "Zh==", "====", "Z==="}) {
    CHECK_EQ(base64_of(bad), "refused");
  }
}

TEST(hexadecimal_is_read_in_either_case_and_at_its_length_only) {
  std::uint8_t bytes[2];
  CHECK(parse_hex("a0Ff", bytes, 2));
  CHECK_EQ(bytes[0], 0xa0);
  CHECK_EQ(bytes[1], 0xff);
  for (const char* bad : {"", "a0f", "a0ff0", "a0fg", "a0f "}) CHECK(!parse_hex(bad, bytes, 2));
}
