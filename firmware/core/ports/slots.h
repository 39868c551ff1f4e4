// Port: the two places for an app image. One runs, the other takes the next image; which one starts
// is the bootloader's business. Knows no image format.
#pragma once

#include "core/ports/flash.h"

namespace jambox {

class Slots {
 public:
  // The image that runs. Only to be read: writing and erasing fail.
  virtual Flash& running() = 0;
  // The other slot, in the same addresses from 0.
  virtual Flash& next() = 0;
  // From the next restart on the other slot runs, unconfirmed. False: it holds no whole image for
  // this chip, or the choice could not be stored; then nothing has changed.
  virtual bool set_boot_next() = 0;
  // The running image is on trial: unless it is confirmed, the next restart goes back.
  virtual bool pending_verify() = 0;
  // Keeps the running image for good. False: it could not be stored; ask again.
  virtual bool confirm() = 0;
  // A restart without confirmation would find an earlier image that starts.
  virtual bool can_go_back() = 0;

 protected:
  ~Slots() = default;
};

}  // namespace jambox
