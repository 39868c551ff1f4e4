// The AT commands of bring-up and upkeep as text, and readers of their answers. Knows no order.
// Source of syntax and meaning: docs/formats and the SIM7028 AT manual.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/text.h"

namespace jambox {

// What of a unit's identity the modem needs. Views into the identity.
struct ModemSettings {
  std::string_view apn = "hologram";
  std::string_view bands = "2,4,12,13,66";  // US NB-IoT of T-Mobile and AT&T
};

enum class Command : std::uint8_t {
  kNone,
  kAt,
  kEchoOff,
  kSim,
  kBands,
  kRestart,
  kRegistration,
  kNetClose,
  kApn,
  kAttach,
  kNetOpen,
  kAddress,
  kContexts,
  kSignal,
  kNoPowerSaving,
  kNoHeldData,
  kNoLongSleep,
  kLeaveDataMode,  // no command: see AtEngine::leave_data_mode
};

// Puts the line to send into `out`.
void command_text(Command command, const ModemSettings& settings, TextBuilder& out);
// Prefix of the command's answer lines, empty when it has none; and whether one must come.
std::string_view answer_prefix(Command command);
bool answer_required(Command command);

enum class SimState : std::uint8_t { kUnknown, kReady, kBusy, kMissing, kLocked, kFailed };
// A line that the text of a message, a broadcast or a report follows, which may say anything, "OK"
// too (3GPP TS 27.005 3.4.1): "+CMT: …", "+CBM: …", "+CDS: <length>".
bool heralds_text(std::string_view line);
// Whether `line` begins with `prefix`, like "+CIPOPEN: 0,"; a blank behind colon or comma is free.
bool answers_with(std::string_view line, std::string_view prefix);
// A line of another command than `command`, which nobody has asked for: "+CTZE: …" while AT+CSQ
// runs. Errors of any kind belong to the command.
bool speaks_of_another(std::string_view line, std::string_view command);
// Of "+CPIN: …" or "+CME ERROR: …", compared whole: "NOT READY" is not "READY".
SimState parse_sim(std::string_view line);
// "+NETOPEN: 0", or that it was open before.
bool says_stack_open(std::string_view line);
// "+CIPOPEN: 0,0"; any other second number is an error.
bool says_connected(std::string_view line);
// "+IPCLOSE: 0,<reason>": the other end closed connection 0, the only one there is.
bool closes_connection(std::string_view line);
// The whole stack is down: "+NETCLOSE: 0", "+CIPEVENT: …", or the modem has started anew or is
// about to be off.
bool closes_everything(std::string_view line);
// "RDY" and "*ATREADY: 1".
bool says_restarted(std::string_view line);
// "NORMAL POWER DOWN" and its kin; a mere "UNDER-VOLTAGE WARNING" is none.
bool says_switched_off(std::string_view line);
// What a modem says in place of "+CIPSEND: …" when the connection was gone: "SEND FAIL", "CLOSED",
// "0, CLOSED".
bool says_not_sent(std::string_view line);

// stat, 0 to 11, of "+CEREG: n,stat[,…]" (answer) or, with `unsolicited`, of "+CEREG:
// stat[,[tac],…]" (3GPP TS 27.007 10.1.22).
std::optional<int> parse_registration(std::string_view line, bool unsolicited);
// Of the lines that came while AT+CEREG? ran, joined by LF: what the last answer says; without one,
// the last unsolicited line.
std::optional<int> registration_in(std::string_view lines);
inline bool is_registered(int stat) { return stat == 1 || stat == 5; }
// dBm of "+CSQ: rssi,ber"; nothing when 99 (no signal).
std::optional<int> parse_signal(std::string_view line);
// The address in "+IPADDR: a.b.c.d" or in the fourth field of "+CGDCONT: 0,…"; empty when none.
std::string_view parse_address(std::string_view line);

}  // namespace jambox
