// The production program on the chip.
#include "apps/jambox/jambox_app.h"
#include "run.h"

extern "C" void app_main() { jambox::esp32s3::run<jambox::JamBoxApp>(); }
