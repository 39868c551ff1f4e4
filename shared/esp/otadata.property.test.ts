/** Which slot boots, against the bootloader's own rule written down a second time. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bootSlot, OTA_STATE, type OtaEntry, readOtaData, writeOtaData } from './otadata.ts';

const seq = fc.oneof(
  fc.integer({ min: 1, max: 9 }),
  fc.constantFrom(0x7fffffff, 0x80000000, 0xfffffffe),
);
const state = fc.constantFrom(...Object.values(OTA_STATE), 77);
const entry = fc.option(fc.record({ seq, state }), { nil: null });

/** `bootloader_utility_get_selected_boot_partition`: the larger seq, less one, modulo slots. */
function bootloader(entries: readonly (OtaEntry | null)[], slots: number): number {
  const valid = entries.flatMap((one) =>
    one && one.state !== OTA_STATE.invalid && one.state !== OTA_STATE.aborted ? [one.seq] : [],
  );
  return valid.length === 0 ? 0 : (Math.max(...valid) - 1) % slots;
}

test('the bootloader would choose the same', () => {
  fc.assert(
    fc.property(entry, entry, fc.integer({ min: 1, max: 16 }), (a, b, slots) => {
      const data = readOtaData(writeOtaData([a, b]));
      expect(data.entries).toEqual([a, b]);
      expect(bootSlot(data, slots)).toBe(bootloader([a, b], slots));
    }),
    { numRuns: 500 },
  );
});

test('one flipped bit of a sequence number or its CRC costs that entry, never another slot', () => {
  fc.assert(
    fc.property(entry, seq, fc.nat(63), (first, second, bit) => {
      const entries: [OtaEntry | null, OtaEntry] = [first, { seq: second, state: OTA_STATE.valid }];
      const bytes = writeOtaData(entries);
      const at = 0x1000 + (bit < 32 ? bit >> 3 : 28 + ((bit - 32) >> 3));
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      expect(readOtaData(bytes).entries).toEqual([first, null]);
    }),
    { numRuns: 500 },
  );
});
