// Buttons port: the top button pulls GPIO41 low. The side button is the chip's reset.
#pragma once

#include "core/ports/buttons.h"

namespace jambox::esp32s3 {

class EspButtons final : public Buttons {
 public:
  // Makes the pin an input and wakes the program at every edge; the core removes the bouncing.
  EspButtons();

  bool top_pressed() override;
};

}  // namespace jambox::esp32s3
