// AT command texts and answer readers, see commands.h.
#include "core/modem/commands.h"

#include <algorithm>

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

// A stat or n: one digit, or two. A tracking area code has four, in quotes or not.
std::optional<int> small_number(std::string_view field) {
  if (field.empty() || field.size() > 2) return std::nullopt;
  int value = 0;
  for (const char c : field) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// The code of "+CPIN: …", compared whole. Only PINs and PUKs are locks (3GPP TS 27.007 8.3); the
// other words are the vendors'.
SimState sim_of_code(std::string_view code) {
  constexpr struct {
    std::string_view code;
    SimState state;
  } kCodes[] = {
      {"READY", SimState::kReady},         {"NOT READY", SimState::kBusy},
      {"SIM BUSY", SimState::kBusy},       {"NOT INSERTED", SimState::kMissing},
      {"SIM REMOVED", SimState::kMissing}, {"SIM NOT INSERTED", SimState::kMissing},
      {"SIM FAILURE", SimState::kFailed},  {"SIM ERROR", SimState::kFailed},
      {"SIM WRONG", SimState::kFailed},
  };
  for (const auto& known : kCodes) {
    if (equal_ignoring_case(code, known.code)) return known.state;
  }
  for (const std::string_view lock : {"PIN", "PUK", "PIN2", "PUK2"}) {
    const bool longer = code.size() > lock.size();
    if (longer && equal_ignoring_case(code.substr(code.size() - lock.size()), lock)) {
      return SimState::kLocked;
    }
  }
  return SimState::kUnknown;
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

bool answers_with(std::string_view line, std::string_view prefix) {
  while (!prefix.empty()) {
    if (prefix.front() == ' ') {
      prefix.remove_prefix(1);
      continue;
    }
    if (line.empty() || line.front() != prefix.front()) return false;
    const bool behind_separator = prefix.front() == ':' || prefix.front() == ',';
    line.remove_prefix(1);
    prefix.remove_prefix(1);
    while (behind_separator && !line.empty() && line.front() == ' ') line.remove_prefix(1);
  }
  return true;
}

bool heralds_text(std::string_view line) {
  if (starts_with(line, "+CMT:") || starts_with(line, "+CBM:")) return true;
  const auto report = fields_of(line, "+CDS:");  // with more fields it says all itself
  return report && parse_int(*report).has_value();
}

bool speaks_of_another(std::string_view line, std::string_view command) {
  constexpr std::string_view kMarks = "+*^$";
  if (!starts_with(command, "AT+") || line.empty()) return false;
  if (kMarks.find(line.front()) == std::string_view::npos) return false;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  if (name.substr(name.size() - std::min<std::size_t>(name.size(), 5)) == "ERROR") return false;
  const std::string_view own = command.substr(2);
  return name != own.substr(0, own.find_first_of("=?;"));
}

SimState parse_sim(std::string_view line) {
  // READY, and locks of all kinds: 3GPP TS 27.007 8.3. The others are the vendor's.
  if (const auto code = fields_of(line, "+CPIN:")) {
    return sim_of_code(unquoted(*code));
  }
  const auto error = fields_of(line, "+CME ERROR:");
  if (!error) return SimState::kUnknown;
  // Numbers and words of 3GPP TS 27.007 9.2.1.
  constexpr struct {
    std::string_view number, words;
    SimState state;
  } kErrors[] = {
      {"10", "SIM not inserted", SimState::kMissing},
      {"11", "SIM PIN required", SimState::kLocked},
      {"12", "SIM PUK required", SimState::kLocked},
      {"13", "SIM failure", SimState::kFailed},
      {"14", "SIM busy", SimState::kBusy},
      {"15", "SIM wrong", SimState::kFailed},
      {"17", "SIM PIN2 required", SimState::kLocked},
      {"18", "SIM PUK2 required", SimState::kLocked},
      {"5", "PH-SIM PIN required", SimState::kLocked},
      {"6", "PH-FSIM PIN required", SimState::kLocked},
      {"7", "PH-FSIM PUK required", SimState::kLocked},
      {"40", "network personalization PIN required", SimState::kLocked},
      {"41", "network personalization PUK required", SimState::kLocked},
      {"42", "network subset personalization PIN required", SimState::kLocked},
      {"43", "network subset personalization PUK required", SimState::kLocked},
      {"44", "service provider personalization PIN required", SimState::kLocked},
      {"45", "service provider personalization PUK required", SimState::kLocked},
      {"46", "corporate personalization PIN required", SimState::kLocked},
      {"47", "corporate personalization PUK required", SimState::kLocked},
  };
  for (const auto& known : kErrors) {
    if (*error == known.number || equal_ignoring_case(*error, known.words)) return known.state;
  }
  return SimState::kUnknown;
}

bool says_stack_open(std::string_view line) {
  if (fields_of(line, "+NETOPEN:") == "0") return true;
  if (const auto error = fields_of(line, "+IP ERROR:")) line = *error;
  return equal_ignoring_case(line, "Network is already opened") ||
         equal_ignoring_case(line, "already opened");
}

bool answer_required(Command command) { return command == Command::kNetOpen; }

bool says_connected(std::string_view line) {
  std::string_view rest = fields_of(line, "+CIPOPEN:").value_or(std::string_view());
  const std::string_view connection = trim(take_until(rest, ','));
  return connection == "0" && trim(rest) == "0";
}

bool closes_connection(std::string_view line) {
  const auto fields = fields_of(line, "+IPCLOSE:");
  std::string_view rest = fields.value_or(std::string_view());
  return trim(take_until(rest, ',')) == "0";
}

bool says_restarted(std::string_view line) {
  return line == "RDY" || fields_of(line, "*ATREADY:") == "1";
}

bool says_switched_off(std::string_view line) {
  constexpr std::string_view kWords = "POWER DOWN";
  return line.size() >= kWords.size() &&
         equal_ignoring_case(line.substr(line.size() - kWords.size()), kWords);
}

bool says_not_sent(std::string_view line) {
  std::string_view rest = line;
  const bool numbered = trim(take_until(rest, ',')) == "0";
  return line == "SEND FAIL" || line == "CLOSED" || (numbered && trim(rest) == "CLOSED");
}

bool closes_everything(std::string_view line) {
  const auto closed = fields_of(line, "+NETCLOSE:");
  const bool stack = closed && (*closed == "0" || *closed == "1");
  return stack || fields_of(line, "+CIPEVENT:").has_value() || says_restarted(line) ||
         says_switched_off(line);
}

std::optional<int> parse_registration(std::string_view line, bool unsolicited) {
  const auto fields = fields_of(line, "+CEREG:");
  if (!fields) return std::nullopt;
  std::string_view rest = *fields;
  const auto first = small_number(trim(take_until(rest, ',')));
  const auto second = small_number(trim(take_until(rest, ',')));
  // An answer has a number as its second field; an unsolicited line an area code, or nothing.
  const bool answer = second.has_value();
  if (answer == unsolicited || !first) return std::nullopt;
  return answer ? second : first;
}

std::optional<int> registration_in(std::string_view lines) {
  std::optional<int> answer;
  std::optional<int> unasked;
  while (!lines.empty()) {
    const std::string_view line = take_until(lines, '\n');
    if (const auto stat = parse_registration(line, false)) answer = stat;
    if (const auto stat = parse_registration(line, true)) unasked = stat;
  }
  return answer ? answer : unasked;
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
  // Of IPv4, or of IPv6 in either way of writing it; all zeros are none.
  const bool plausible = contains(address, ".") || contains(address, ":");
  const bool zero = address.find_first_not_of("0.:") == std::string_view::npos;
  return plausible && !zero ? address : std::string_view();
}

}  // namespace jambox
