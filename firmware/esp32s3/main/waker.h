// Lets the program's task sleep until its next time or until input arrives, whichever is first.
// Knows no port. Interrupts and other tasks only ever wake it; they never run program code.
#pragma once

#include <cstdint>

#include "freertos/FreeRTOS.h"

namespace jambox::esp32s3::waker {

// Makes the calling task the one that the calls below wake. Before it, waking does nothing.
void bind_to_this_task();

// From another task.
void wake();

// From an interrupt handler; sets `task_woken` when a switch is due. Lies in IRAM, because handlers
// that call it run while the flash is being written.
void wake_from_isr(BaseType_t* task_woken);

// Returns after `ms` or when woken. Sleeps at least one scheduler tick unless woken, so that a
// program that always wants to run at once cannot starve the idle task and its watchdog.
void sleep(std::uint32_t ms);

}  // namespace jambox::esp32s3::waker
