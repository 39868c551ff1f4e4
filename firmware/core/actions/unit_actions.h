// Port: what backend and button may ask of the unit. Who asks knows nobody who does it.
#pragma once

#include <string_view>

namespace jambox {

class UnitActions {
 public:
  // Closes the running period and sends what waits. Empty: done, else why not.
  virtual std::string_view send_now() = 0;
  virtual void reboot() = 0;
  virtual void fetch_config() = 0;
  virtual void geolocate() = 0;
  virtual void check_for_update() = 0;

 protected:
  ~UnitActions() = default;
};

}  // namespace jambox
