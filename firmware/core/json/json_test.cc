// JSON reader and writer.
#include "core/json/json_reader.h"
#include "core/json/json_writer.h"
#include "host/test.h"

using namespace jambox;

TEST(json_reads_the_fields_of_an_object) {
  JsonObject json;
  CHECK(json.parse(R"( {"a":12,"b":"x\"y\u00e9\n","c":true,"d":null,"e":{"a":[1,{}]},"f":-3} )"));
  FixedText<16> text;
  CHECK_EQ(json.integer("a").value_or(0), 12);
  CHECK_EQ(json.integer("f").value_or(0), -3);
  CHECK(json.text("b", text));
  CHECK_EQ(text.view(), "x\"y\xc3\xa9\n");
  CHECK(json.boolean("c").value_or(false));
  CHECK(json.has("e"));
  CHECK(!json.integer("b"));
  CHECK(!json.text("a", text));
  CHECK(!json.boolean("d"));
}

TEST(json_writes_code_units_of_any_length_and_no_surrogates) {
  JsonObject json;
  CHECK(json.parse(R"({"a":"\u0041\u20ac\ud83d"})"));
  FixedText<16> text;
  CHECK(json.text("a", text));
  CHECK_EQ(text.view(), "A\xe2\x82\xac?");
}

TEST(json_takes_the_last_of_equal_keys) {
  JsonObject json;
  CHECK(json.parse(R"({"a":1,"a":2})"));
  CHECK_EQ(json.integer("a").value_or(0), 2);
}

TEST(json_refuses_what_is_not_one_object) {
  JsonObject json;
  for (const std::string_view text : {"",
                                      "{",
                                      "}",
                                      "[]",
                                      "1",
                                      "{}x",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1,}",
                                      "{a:1}",
                                      "{\"a\":01}",
                                      "{\"a\":+1}",
                                      "{\"a\":\"\\x\"}",
                                      "{\"a\":\"\\u12g4\"}",
                                      "{\"a\":\"b}",
                                      "{\"a\":tru}",
                                      "{\"a\":1 \"b\":2}",
                                      "{\"a\":\"\n\"}",
                                      "{\"a\":1.}",
                                      "{\"a\":1e}",
                                      "{\"a\":-}"}) {
    CHECK(!json.parse(text));
  }
}

TEST(json_bounds_depth_and_fields) {
  JsonObject json;
  std::string deep = "{\"a\":";
  for (int i = 0; i < 100000; ++i) deep += '[';
  CHECK(!json.parse(deep));
  std::string wide = "{";
  for (int i = 0; i < 30; ++i) wide += (i ? ",\"a\":" : "\"a\":") + std::to_string(i);
  CHECK(!json.parse(wide + "}"));
}

TEST(json_text_longer_than_its_room_is_refused) {
  JsonObject json;
  CHECK(json.parse(R"({"a":"12345"})"));
  FixedText<4> text;
  CHECK(!json.text("a", text));
}

TEST(json_every_prefix_and_every_flipped_byte_is_survived) {
  const std::string good = R"({"id":1,"cmd":"at","line":"AT+CGDCONT=0,\"IP\"","x":[1,{"y":null}]})";
  JsonObject json;
  CHECK(json.parse(good));
  for (std::size_t n = 0; n < good.size(); ++n) CHECK(!json.parse(good.substr(0, n)));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      FixedText<64> text;
      if (json.parse(bad)) json.text("line", text);
    }
  }
}

TEST(json_writer_escapes_what_json_demands) {
  FixedText<128> out;
  JsonWriter json(out);
  json.integer("a", -1).text("b", "q\"\\\x1e\xff z").boolean("c", false).null("d").end();
  CHECK_EQ(out.view(), R"({"a":-1,"b":"q\"\\?? z","c":false,"d":null})");
}
