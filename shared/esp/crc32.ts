/**
 * CRC-32 as ESP-IDF's NVS and otadata use it: reflected 0xEDB88320 with the register starting at 0
 * and a final XOR of 0xFFFFFFFF (`esp_rom_crc32_le(UINT32_MAX, …)`, zlib's `crc32(…, 0xFFFFFFFF)`).
 * Check value: "123456789" → 0xD202D277, not zlib's CBF43926.
 */
const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC of all `parts` one after the other; unsigned 32 bits. */
export function espCrc32(...parts: Uint8Array[]): number {
  let crc = 0;
  for (const part of parts) {
    // the table has 256 entries
    for (const byte of part) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
