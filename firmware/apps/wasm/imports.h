// What the virtual board's runtime supplies, import module `jambox`, ABI version 1
// (docs/formats/wasm-abi.md). Only platform.cc calls these.
#pragma once

#include <cstddef>
#include <cstdint>

#define JAMBOX_IMPORT(name) __attribute__((import_module("jambox"), import_name(#name)))

extern "C" {
JAMBOX_IMPORT(uptime_ms) double jambox_uptime_ms();
JAMBOX_IMPORT(uart_write) std::int32_t jambox_uart_write(const void* data, std::size_t size);
JAMBOX_IMPORT(uart_read) std::int32_t jambox_uart_read(void* data, std::size_t capacity);
JAMBOX_IMPORT(console_write) std::int32_t jambox_console_write(const void* data, std::size_t size);
JAMBOX_IMPORT(console_read) std::int32_t jambox_console_read(void* data, std::size_t capacity);
JAMBOX_IMPORT(kv_get)
std::int32_t jambox_kv_get(std::int32_t part, const void* key, std::size_t key_size,
                           std::int32_t type, void* out, std::size_t capacity);
JAMBOX_IMPORT(kv_set)
std::int32_t jambox_kv_set(const void* key, std::size_t key_size, std::int32_t type,
                           const void* value, std::size_t size);
JAMBOX_IMPORT(kv_erase) std::int32_t jambox_kv_erase(const void* key, std::size_t key_size);
JAMBOX_IMPORT(flash_read)
std::int32_t jambox_flash_read(std::int32_t part, std::uint32_t offset, void* data,
                               std::size_t size);
JAMBOX_IMPORT(flash_write)
std::int32_t jambox_flash_write(std::int32_t part, std::uint32_t offset, const void* data,
                                std::size_t size);
JAMBOX_IMPORT(flash_erase)
std::int32_t jambox_flash_erase(std::int32_t part, std::uint32_t offset, std::size_t size);
JAMBOX_IMPORT(slot_state) std::int32_t jambox_slot_state();
JAMBOX_IMPORT(slot_set_boot) std::int32_t jambox_slot_set_boot();
JAMBOX_IMPORT(slot_confirm) std::int32_t jambox_slot_confirm();
JAMBOX_IMPORT(radio_mode)
std::int32_t jambox_radio_mode(std::int32_t mode, std::int32_t channel);
JAMBOX_IMPORT(radio_next) std::int32_t jambox_radio_next(void* data, std::size_t capacity);
JAMBOX_IMPORT(led_rgb) void jambox_led_rgb(std::int32_t r, std::int32_t g, std::int32_t b);
JAMBOX_IMPORT(buttons) std::int32_t jambox_buttons();
JAMBOX_IMPORT(restart) void jambox_restart();
JAMBOX_IMPORT(heap_free) std::int32_t jambox_heap_free();
JAMBOX_IMPORT(heap_least) std::int32_t jambox_heap_least();
JAMBOX_IMPORT(reset_reason) std::int32_t jambox_reset_reason();
JAMBOX_IMPORT(random) void jambox_random(void* data, std::size_t size);
JAMBOX_IMPORT(mac) void jambox_mac(void* six_bytes);
}
