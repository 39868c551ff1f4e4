// The backend's commands, see backend_command.h.
#include "core/actions/backend_command.h"

namespace jambox {

std::string_view run_command(std::string_view name, bool remembered, UnitActions& unit) {
  if (name == "send_now") {
    unit.send_now();
  } else if (name == "reboot") {
    // Behind the restart it would come again, and restart the unit again: for ever.
    if (!remembered) return "not carried out, its id could not be stored";
    unit.reboot();
  } else if (name == "fetch_config") {
    unit.fetch_config();
  } else if (name == "geolocate") {
    unit.geolocate();
  } else if (name == "ota_check") {
    unit.check_for_update();
  } else {
    return "not known to this version";
  }
  return {};
}

}  // namespace jambox
