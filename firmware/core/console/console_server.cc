// Console commands, see console_server.h.
#include "core/console/console_server.h"

#include "core/base/encoding.h"
#include "core/json/json_writer.h"
#include "core/provisioning/cellular_proof.h"

namespace jambox {

namespace {
constexpr int kConsoleVersion = 1;

bool is_one_line(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c == 0x7f) return false;
  }
  return true;
}

// Colons and capitals, as labels and the bench have it.
void add_mac(TextBuilder& out, System& system) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const std::uint8_t byte : system.mac()) {
    if (!out.empty()) out.add(":");
    out.add(kDigits.substr(byte >> 4, 1)).add(kDigits.substr(byte & 15, 1));
  }
}

// Why the modem cannot be lent; empty: it can.
std::string_view sentence(ModemUse use) {
  switch (use) {
    case ModemUse::kFree: return {};
    case ModemUse::kRequest:
      return "the modem is talking to the backend; try again in a few seconds";
    case ModemUse::kAttaching: return "the modem is coming online; try again in a few seconds";
  }
  return {};
}

}  // namespace

std::string_view ConsoleHost::provision(bool) {
  return "the production program has no bring-up to run; flash the provisioning program";
}

std::string_view ConsoleHost::send_now() {
  return "the provisioning program sends no readings; flash the production program";
}

std::string_view ConsoleHost::set_live(bool) {
  return "the provisioning program counts nothing; flash the production program";
}

void ConsoleServer::tick(Millis now, Wake& wake) {
  now_ = now;
  const auto input = parts_.stream.poll();
  if (input == ConsoleStream::Input::kRecord) on_record(parts_.stream.record());
  if (input == ConsoleStream::Input::kTooLong) {
    id_ = 0;
    fail("the record is longer than 1024 bytes");
  }
  if (input != ConsoleStream::Input::kNone) wake.soon();  // there may be more
}

void ConsoleServer::on_record(std::string_view text) {
  id_ = 0;
  if (!request_.parse(text)) return fail("the record is not a JSON object");
  const auto id = request_.integer("id");
  if (!id || *id < 0 || *id > 0xFFFFFFFFll) return fail("id is missing or no whole number");
  id_ = *id;
  FixedText<16> command;
  if (!request_.text("cmd", command)) return fail("cmd is missing or no known command");
  run(command.view());
}

void ConsoleServer::run(std::string_view command) {
  if (command == "hello") return hello();
  if (command == "status") return status();
  if (command == "provision") {
    return done(parts_.host.provision(request_.boolean("restart").value_or(false)));
  }
  if (command == "at") return at();
  if (command == "at-data") return at_data();
  if (command == "live") return live();
  if (command == "send") return done(parts_.host.send_now());
  if (command == "blink") return blink();
  if (command == "reboot") return reboot();
  if (command == "wipe") return wipe();
  FixedText<64> error;
  fail(error.add("unknown command ").add(command).view());
}

void ConsoleServer::hello() {
  answer_.clear();
  JsonWriter json(answer_);
  json.integer("re", id_).boolean("ok", true).integer("console", kConsoleVersion);
  json.text("app", app_).text("version", version_);
  if (identity_.valid()) json.text("device_id", identity_.device_id());
  else json.null("device_id");
  FixedText<17> mac;
  add_mac(mac, parts_.system);
  json.boolean("cellular_ok", has_cellular_proof(parts_.kv)).text("mac", mac.view()).end();
  parts_.stream.put_record(answer_.view());
}

void ConsoleServer::status() {
  const UnitStatus s = parts_.host.status();
  answer_.clear();
  JsonWriter json(answer_);
  json.integer("re", id_).boolean("ok", true);
  json.integer("uptime_s", static_cast<std::int64_t>(now_ / 1000));
  json.text("led", led_pattern_name(s.led)).integer("cereg", s.cereg);
  if (s.rssi_dbm == 0) json.null("rssi_dbm");
  else json.integer("rssi_dbm", s.rssi_dbm);
  json.boolean("online", s.online).boolean("clock_synced", s.clock_synced);
  json.integer("time", s.time).integer("queue", s.queue);
  json.integer("send_failures", s.send_failures).integer("sent", s.sent);
  json.integer("dropped", s.dropped).integer("refused", s.refused);
  json.integer("config_version", s.config_version).integer("radio", s.radio).end();
  parts_.stream.put_record(answer_.view());
}

void ConsoleServer::at() {
  FixedText<AtEngine::kCommandMax> line;
  if (!request_.text("line", line)) return fail("line is missing or longer than 255 characters");
  if (line.empty() || !is_one_line(line.view())) return fail("line must be one line of text");
  const std::int64_t timeout = request_.integer("timeout_ms").value_or(kAtTimeoutMs);
  if (timeout < 1 || timeout > kAtTimeoutMaxMs) return fail("timeout_ms must be 1 to 180000");
  const std::string_view in_use = sentence(parts_.host.modem_use());
  if (!in_use.empty()) return fail(in_use);
  AtRequest request;
  request.text = line.view();
  request.ends_at_prompt = true;
  request.timeout_ms = static_cast<std::uint32_t>(timeout);
  // "+CEREG:" to a question about CEREG is an answer, not unsolicited.
  if (!parts_.at.start(request, *this, now_)) {
    return fail("the modem is busy with another command; try again in a moment");
  }
  at_id_ = id_;
  at_began_ = now_;
  at_running_ = true;
}

void ConsoleServer::at_data() {
  FixedText<2 * AtEngine::kCommandMax> hex;
  std::uint8_t bytes[AtEngine::kCommandMax];
  const bool given = request_.text("hex", hex) && !hex.empty();
  const std::size_t size = hex.size() / 2;
  if (!given || !parse_hex(hex.view(), bytes, size)) {
    return fail("hex must be 1 to 255 bytes in hexadecimal digits");
  }
  const std::string_view in_use = sentence(parts_.host.modem_use());
  if (!in_use.empty()) return fail(in_use);
  const std::string_view raw(reinterpret_cast<const char*>(bytes), size);
  if (!parts_.at.start_raw(raw, kAtTimeoutMs, *this, now_)) {
    return fail("the modem is busy with another command; try again in a moment");
  }
  at_id_ = id_;
  at_began_ = now_;
  at_running_ = true;
}

void ConsoleServer::on_at_line(std::string_view line) {
  // The final line comes in the answer.
  if (line == "OK" || line == "ERROR" || starts_with(line, "+CME ERROR") ||
      starts_with(line, "+CMS ERROR")) {
    return;
  }
  parts_.events.at_line(at_id_, line);
}

void ConsoleServer::on_unsolicited(std::string_view line) {
  if (!at_running_) parts_.events.at_line(0, line);
}

void ConsoleServer::on_at_done(AtOutcome outcome) {
  at_running_ = false;
  id_ = at_id_;
  if (outcome == AtOutcome::kTimeout) return fail("the modem did not answer in time");
  answer_.clear();
  JsonWriter json(answer_);
  json.integer("re", id_).boolean("ok", true).text("final", parts_.at.final_line());
  json.integer("ms", static_cast<std::int64_t>(now_ - at_began_)).end();
  parts_.stream.put_record(answer_.view());
}

void ConsoleServer::live() {
  const auto on = request_.boolean("on");
  if (!on) return fail("on must be true or false");
  done(parts_.host.set_live(*on));
}

void ConsoleServer::blink() {
  parts_.host.blink();
  done({});
}

void ConsoleServer::reboot() {
  parts_.restart.for_bench(now_);
  done({});
}

void ConsoleServer::wipe() {
  done(parts_.kv.erase_all() ? std::string_view() : "the nvs partition could not be erased");
}

void ConsoleServer::done(std::string_view problem) {
  if (!problem.empty()) return fail(problem);
  answer_.clear();
  JsonWriter json(answer_);
  json.integer("re", id_).boolean("ok", true).end();
  parts_.stream.put_record(answer_.view());
}

void ConsoleServer::fail(std::string_view error) {
  answer_.clear();
  JsonWriter json(answer_);
  json.integer("re", id_).boolean("ok", false).text("error", error).end();
  parts_.stream.put_record(answer_.view());
}

}  // namespace jambox
