// The provisioning program as a virtual image.
#include "apps/provisioning/provisioning_app.h"
#include "apps/wasm/main.h"

JAMBOX_PROGRAM(jambox::ProvisioningApp)
