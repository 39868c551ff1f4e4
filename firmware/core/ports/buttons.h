// Port: the buttons the firmware can read (reset is wired to the chip).
#pragma once

namespace jambox {

class Buttons {
 public:
  virtual bool top_pressed() = 0;

 protected:
  ~Buttons() = default;
};

}  // namespace jambox
