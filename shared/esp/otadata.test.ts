import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bootSlot, OTA_STATE, type OtaEntry, readOtaData, writeOtaData } from './otadata.ts';

const entry = fc.option(
  fc.record({
    seq: fc.integer({ min: 1, max: 0xfffffffe }),
    state: fc.constantFrom(...Object.values(OTA_STATE)),
  }),
);

test('reads back as written', () => {
  fc.assert(
    fc.property(entry, entry, (a, b) => {
      expect(readOtaData(writeOtaData([a, b])).entries).toEqual([a, b]);
    }),
  );
});

test.each<[string, OtaEntry | null, OtaEntry | null, number]>([
  ['erased boots slot 0', null, null, 0],
  ['the larger seq wins', { seq: 1, state: 2 }, { seq: 2, state: 2 }, 1],
  ['seq 3 of two slots is slot 0 again', { seq: 3, state: 2 }, { seq: 2, state: 2 }, 0],
  ['an invalid entry does not boot', { seq: 1, state: 2 }, { seq: 2, state: 3 }, 0],
  ['an aborted entry does not boot', { seq: 4, state: 4 }, { seq: 3, state: 2 }, 0],
  ['pending verify boots', { seq: 1, state: 2 }, { seq: 2, state: 1 }, 1],
])('%s', (_, a, b, slot) => {
  expect(bootSlot(readOtaData(writeOtaData([a, b])), 2)).toBe(slot);
});

test('an entry whose CRC is wrong counts as absent', () => {
  const bytes = writeOtaData([
    { seq: 2, state: 2 },
    { seq: 1, state: 2 },
  ]);
  bytes[28] = bytes[28]! ^ 1;
  expect(readOtaData(bytes)).toMatchObject({ entries: [null, { seq: 1 }], active: 1 });
});
