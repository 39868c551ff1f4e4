// The provisioning program on the chip.
#include "apps/provisioning/provisioning_app.h"
#include "run.h"

extern "C" void app_main() { jambox::esp32s3::run<jambox::ProvisioningApp>(); }
