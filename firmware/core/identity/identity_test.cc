// Identity from the factory partition.
#include "core/identity/identity.h"
#include "host/fake_ports.h"
#include "host/test.h"

using namespace jambox;
using namespace jambox::test;

TEST(identity_is_read_from_the_factory_partition) {
  FakeBoard board;
  board.give_identity();
  board.kv.factory["port"] = "8080";
  board.kv.factory["bands"] = "2,4";
  Identity identity;
  CHECK(identity.load(board.kv));
  CHECK_EQ(identity.device_id(), "JBNB0001");
  CHECK_EQ(identity.host(), "ingest.example.net");
  CHECK_EQ(identity.port(), 8080);
  CHECK_EQ(identity.modem().bands, "2,4");
}

TEST(identity_may_have_up_to_eight_digits) {
  for (const char* id : {"JBNB0000", "JBNB9999", "JBNB10000", "JBNB1234567", "JBNB99999999"}) {
    FakeBoard board;
    board.give_identity();
    board.kv.factory["id"] = id;
    Identity identity;
    CHECK(identity.load(board.kv));
    CHECK_EQ(identity.device_id(), id);
  }
}

TEST(identity_has_defaults_for_what_the_bench_left_out) {
  FakeBoard board;
  board.give_identity();
  board.kv.factory.erase("port");
  board.kv.factory.erase("apn");
  Identity identity;
  CHECK(identity.load(board.kv));
  CHECK_EQ(identity.port(), 80);
  CHECK_EQ(identity.modem().apn, "hologram");
  CHECK_EQ(identity.modem().bands, "2,4,12,13,66");
}

TEST(identity_that_cannot_be_right_is_refused_with_a_reason) {
  struct Case {
    const char* key;
    const char* value;
  };
  const Case cases[] = {{"id", ""},          {"id", "JBNB123"},   {"id", "JBNB-123"},
                        {"id", "XXXX0001"},  {"id", "JBNB00042"}, {"id", "JBNB123456789"},
                        {"id", "JBNB1234x"}, {"id", "JBNB+123"},  {"token", ""},
                        {"token", "a b"},    {"token", "x\r\nY"}, {"host", ""},
                        {"host", "a\"b"},    {"port", "0"},       {"port", "70000"}};
  for (const Case& c : cases) {
    FakeBoard board;
    board.give_identity();
    board.kv.factory[c.key] = c.value;
    Identity identity;
    CHECK(!identity.load(board.kv));
    CHECK(!identity.problem().empty());
  }
  FakeBoard empty;
  Identity identity;
  CHECK(!identity.load(empty.kv));
  CHECK_EQ(identity.modem().apn, "hologram");
}

TEST(identity_lets_nothing_into_at_commands) {
  FakeBoard board;
  board.give_identity();
  board.kv.factory["apn"] = "x\"\rAT+CFUN=0";
  board.kv.factory["bands"] = "2\rAT";
  Identity identity;
  identity.load(board.kv);
  CHECK_EQ(identity.modem().apn, "hologram");
  CHECK_EQ(identity.modem().bands, "2,4,12,13,66");
}
