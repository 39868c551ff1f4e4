// Bytes of the bench, or of whatever is on the other end of the cable, into stream and server; and
// the reader of JSON objects by itself. What the unit says must be records, and never its token.
#include <string>

#include "core/console/console_server.h"
#include "host/fake_ports.h"
#include "host/fuzz/fuzz.h"

namespace jambox::fuzz {

namespace {

constexpr std::string_view kToken = "unit-token-of-the-fuzz-abcdefghijklmnopqrst";

class Host final : public ConsoleHost, public RestartHost {
 public:
  UnitStatus status() override { return {}; }
  std::string_view provision(bool) override { return {}; }
  std::string_view send_now() override { return "not now"; }
  std::string_view set_live(bool) override { return {}; }
  void blink() override {}
};

void check_output(const std::string& said) {
  promise(said.find(kToken) == said.npos, "the token is never said");
  for (std::size_t at = said.find(kRecordSeparator); at != said.npos;
       at = said.find(kRecordSeparator, at + 1)) {
    const std::size_t end = said.find('\n', at);
    promise(end != said.npos, "a record ends with LF");
    JsonObject object;
    promise(object.parse({said.data() + at + 1, end - at - 1}), "a record is a JSON object");
  }
}

}  // namespace

void fuzz_console(const std::uint8_t* data, std::size_t size) {
  // Only what the console needs of a board: a whole one has a megabyte of flash to fill.
  test::FakeConsole console;
  test::FakeKeyValue kv;
  test::FakeModem modem;
  test::FakeSystem system;
  kv.factory = {{"id", "JBNB0001"},      {"token", std::string(kToken)},
                {"host", "example.net"}, {"port", "80"},
                {"apn", "hologram"},     {"bands", "2,4"}};
  Identity identity;
  identity.load(kv);
  ConsoleStream stream(console);
  Events events(stream);
  AtEngine at(modem);
  Host host;
  Restart restart(system, events, host);
  ConsoleServer server({stream, events, at, kv, system, restart, host}, "jambox", "6.0.0",
                       identity);
  console.from_bench.assign(reinterpret_cast<const char*>(data), size);
  constexpr Millis kStepMs = 500;  // AT commands end at their time-outs, ten seconds as a rule
  for (Millis now = 0; now < 12'000; now += kStepMs) {
    modem.next_tick();
    Wake wake(now);
    at.tick(now, wake);
    server.tick(now, wake);
    restart.tick(now, wake);
    stream.flush();
  }
  check_output(console.to_bench);
}

void fuzz_json(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  JsonObject object;
  if (!object.parse(text)) return;
  FixedText<64> out;
  for (const std::string_view key : {"id", "cmd", "line", "timeout_ms", "a", ""}) {
    const int kinds = (object.integer(key) ? 1 : 0) + (object.boolean(key) ? 1 : 0);
    out.clear();
    const bool is_text = object.text(key, out);
    promise(kinds + (is_text ? 1 : 0) <= 1, "a value has one type");
    promise(object.has(key) || (kinds == 0 && !is_text), "what is absent has no value");
    promise(!is_text || out.size() <= 64, "text fits its place");
  }
}

}  // namespace jambox::fuzz
