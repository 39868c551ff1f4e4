// What a step of a bring-up is, and the tables: the twelve steps of a fresh unit, and the gentle
// ones with which a working unit comes online again. Knows nothing of how steps are run.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/modem/at_engine.h"
#include "core/modem/commands.h"

namespace jambox {

// kHopeless: the modem said something that more tries seldom change, e.g. registration denied.
enum class Verdict : std::uint8_t { kPass, kRetry, kHopeless };

// What the modem answered to one command of a step.
struct Answer {
  AtOutcome outcome;
  std::string_view lines;  // answer lines joined by LF
  std::string_view said;   // last words
};

struct Step {
  std::uint8_t number;  // as console records and the bench number it, 1 … 12
  Command command;
  Verdict (*judge)(const Answer&);
  std::uint32_t timeout_ms;            // of one command
  std::uint8_t tries = 1;              // 0: as many as the budget allows
  std::uint32_t gap_ms = 0;            // between tries
  std::uint32_t wait_ms = 0;           // before the first
  std::uint32_t budget_ms = 0;         // of the whole step; 0: tries alone bound it
  bool optional = false;               // failure is a warning
  Command follow_up = Command::kNone;  // after a pass, must answer OK
  Command fallback = Command::kNone;   // asked instead when the first answer does not do
  Command recover = Command::kNone;    // sent once, its answer ignored, before a later try
  std::uint32_t recover_after_ms = 0;  // since the step began
  std::uint32_t recover_wait_ms = 0;   // afterwards
  bool settles = false;  // after a pass, switches off what a shop or a SIM may have left on
};

// Asked one after the other where a step settles; what the modem says to them does not matter.
inline constexpr Command kSettling[] = {Command::kNoPowerSaving, Command::kNoHeldData,
                                        Command::kNoLongSleep};

// Consecutive hopeless answers after which a step fails before its budget ends: 30 s of "denied".
inline constexpr int kHopelessMax = 6;
inline constexpr int kBringupSteps = 12;

// Provisioning: restarts the modem, locks bands. Source: SIM7028 field guide.
std::span<const Step> bringup_table();
// Production: changes nothing that a running modem holds; safe to repeat.
std::span<const Step> attach_table();
// The same after the IP stack stopped answering: closes it first.
std::span<const Step> reattach_table();
// The same after a long silence: restarts the modem first, even one that no longer answers.
std::span<const Step> restart_table();

// Reads the address out of step 12's answer lines; empty when there is none.
std::string_view address_in(std::string_view lines);

}  // namespace jambox
