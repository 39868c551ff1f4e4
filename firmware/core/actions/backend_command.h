// The backend's commands by name, and what each asks of the unit. Knows neither who delivers a
// command nor how often (uplink/command_box.h).
#pragma once

#include <string_view>

#include "core/actions/unit_actions.h"

namespace jambox {

// Carries out `name`. `remembered`: it will not be delivered again. Empty: done, else why not.
std::string_view run_command(std::string_view name, bool remembered, UnitActions& unit);

}  // namespace jambox
