// AT command texts and answer readers, see commands.h.
#include "core/modem/commands.h"

namespace jambox {

void command_text(Command command, const ModemSettings& settings, TextBuilder& out) {
  out.clear();
  switch (command) {
    case Command::kNone: break;
    case Command::kAt: out.add("AT"); break;
    case Command::kEchoOff: out.add("ATE0"); break;
    case Command::kSim: out.add("AT+CPIN?"); break;
    case Command::kBands: out.add("AT+QCBAND=0,").add(settings.bands); break;
    case Command::kRestart: out.add("AT+CFUN=1,1"); break;
    case Command::kRegistration: out.add("AT+CEREG?"); break;
    case Command::kNetClose: out.add("AT+NETCLOSE"); break;
    // CID 0 is the context the modem creates itself; activating another is a "duplicate APN".
    case Command::kApn: out.add("AT+CGDCONT=0,\"IP\",\"").add(settings.apn).add('"'); break;
    case Command::kAttach: out.add("AT+CGATT=1"); break;
    case Command::kNetOpen: out.add("AT+NETOPEN"); break;
    case Command::kAddress: out.add("AT+IPADDR"); break;
    case Command::kContexts: out.add("AT+CGDCONT?"); break;
    case Command::kSignal: out.add("AT+CSQ"); break;
  }
}

std::string_view answer_prefix(Command command) {
  switch (command) {
    case Command::kSim: return "+CPIN:";
    case Command::kRegistration: return "+CEREG:";
    case Command::kNetClose: return "+NETCLOSE:";
    case Command::kNetOpen: return "+NETOPEN:";
    case Command::kAddress: return "+IPADDR:";
    case Command::kContexts: return "+CGDCONT:";
    case Command::kSignal: return "+CSQ:";
    default: return {};
  }
}

bool answer_required(Command command) { return command == Command::kNetOpen; }

namespace {

// The fields behind "+NAME:", or nothing when the line does not begin so.
std::optional<std::string_view> fields_of(std::string_view line, std::string_view prefix) {
  if (!starts_with(line, prefix)) return std::nullopt;
  return trim(line.substr(prefix.size()));
}

std::string_view unquoted(std::string_view field) {
  field = trim(field);
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
    return field.substr(1, field.size() - 2);
  }
  return field;
}

bool is_digit_field(std::string_view field) {
  return field.size() == 1 && field[0] >= '0' && field[0] <= '9';
}

}  // namespace

std::optional<int> parse_registration(std::string_view line, bool unsolicited) {
  const auto fields = fields_of(line, "+CEREG:");
  if (!fields) return std::nullopt;
  std::string_view rest = *fields;
  const std::string_view first = trim(take_until(rest, ','));
  const std::string_view second = trim(take_until(rest, ','));
  // An answer has a one-digit second field; an unsolicited line a quoted one, or none.
  const bool answer = is_digit_field(second);
  if (answer == unsolicited || !is_digit_field(first)) return std::nullopt;
  return (answer ? second : first)[0] - '0';
}

std::optional<int> parse_signal(std::string_view line) {
  const auto fields = fields_of(line, "+CSQ:");
  if (!fields) return std::nullopt;
  std::string_view rest = *fields;
  const auto rssi = parse_int(trim(take_until(rest, ',')));
  if (!rssi || *rssi < 0 || *rssi > 31) return std::nullopt;
  return static_cast<int>(-113 + 2 * *rssi);
}

std::string_view parse_address(std::string_view line) {
  std::string_view address;
  if (const auto single = fields_of(line, "+IPADDR:")) {
    address = unquoted(*single);
  } else if (const auto context = fields_of(line, "+CGDCONT:")) {
    std::string_view rest = *context;
    if (trim(take_until(rest, ',')) != "0") return {};
    take_until(rest, ',');
    take_until(rest, ',');
    address = unquoted(take_until(rest, ','));
  }
  const bool plausible = contains(address, ".") || contains(address, ":");
  return plausible && !starts_with(address, "0.0.0.0") ? address : std::string_view();
}

}  // namespace jambox
