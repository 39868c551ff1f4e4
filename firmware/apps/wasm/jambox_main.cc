// The production program as a virtual image.
#include "apps/jambox/jambox_app.h"
#include "apps/wasm/main.h"

JAMBOX_PROGRAM(jambox::JamBoxApp)
