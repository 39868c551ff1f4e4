// AT command texts and answer readers, see commands.h.
#include "core/modem/commands.h"

namespace jambox {

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
    case Command::kNoPowerSaving: out.add("AT+CPSMS=0"); break;
    case Command::kNoHeldData: out.add("AT+CIPRXGET=0"); break;
    case Command::kNoLongSleep: out.add("AT+CEDRXS=0,5"); break;  // 5: NB-IoT
    case Command::kLeaveDataMode: break;
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

SimState parse_sim(std::string_view line) {
  const auto code = fields_of(line, "+CPIN:");
  if (code == "READY") return SimState::kReady;
  if (code == "NOT READY") return SimState::kBusy;
  if (code) return SimState::kLocked;  // SIM PIN, SIM PUK, PH-NET PIN, …: 3GPP TS 27.007 8.3
  const auto error = fields_of(line, "+CME ERROR:");
  if (!error) return SimState::kUnknown;
  // Numbers and words of 3GPP TS 27.007 9.2.1.
  constexpr struct {
    std::string_view number, words;
    SimState state;
  } kErrors[] = {
      {"10", "SIM not inserted", SimState::kMissing}, {"11", "SIM PIN required", SimState::kLocked},
      {"12", "SIM PUK required", SimState::kLocked},  {"13", "SIM failure", SimState::kFailed},
      {"14", "SIM busy", SimState::kBusy},            {"15", "SIM wrong", SimState::kFailed},
      {"17", "SIM PIN2 required", SimState::kLocked},
      {"18", "SIM PUK2 required", SimState::kLocked},
  };
  for (const auto& known : kErrors) {
    if (*error == known.number || equal_ignoring_case(*error, known.words)) return known.state;
  }
  return SimState::kUnknown;
}

bool says_stack_open(std::string_view line) {
  if (line == "+NETOPEN: 0") return true;
  if (const auto error = fields_of(line, "+IP ERROR:")) line = *error;
  return equal_ignoring_case(line, "Network is already opened") ||
         equal_ignoring_case(line, "already opened");
}

bool answer_required(Command command) { return command == Command::kNetOpen; }


bool closes_connection(std::string_view line) {
  const auto fields = fields_of(line, "+IPCLOSE:");
  std::string_view rest = fields.value_or(std::string_view());
  return trim(take_until(rest, ',')) == "0";
}

bool says_restarted(std::string_view line) {
  return line == "RDY" || fields_of(line, "*ATREADY:") == "1";
}

bool closes_everything(std::string_view line) {
  const auto closed = fields_of(line, "+NETCLOSE:");
  const bool stack = closed && (*closed == "0" || *closed == "1");
  return stack || fields_of(line, "+CIPEVENT:").has_value() || says_restarted(line);
}

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
