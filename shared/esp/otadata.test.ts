import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bootSlot,
  OTA_STATE,
  OTADATA_BYTES,
  type OtaEntry,
  otaEntryBytes,
  readOtaData,
  writeOtaData,
} from './otadata.ts';

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

/** As ESP-IDF's `otatool.py` leaves a sector: sequence, no label, state, CRC of the sequence. */
test.each([
  [{ seq: 1, state: OTA_STATE.valid }, [1, 0, 0, 0], [2, 0, 0, 0], [0x9a, 0x98, 0x43, 0x47]],
  [{ seq: 2, state: OTA_STATE.new }, [2, 0, 0, 0], [0, 0, 0, 0], [0x74, 0x37, 0xf6, 0x55]],
])('the bytes of %j', (entry, seq, state, crc) => {
  const label = new Array<number>(20).fill(0xff);
  expect([...otaEntryBytes(entry)]).toEqual([...seq, ...label, ...state, ...crc]);
  const bytes = writeOtaData([null, entry]);
  expect(bytes).toHaveLength(OTADATA_BYTES);
  expect([...bytes.subarray(0x1000, 0x1020)]).toEqual([...otaEntryBytes(entry)]);
  const others = [...bytes.subarray(0, 0x1000), ...bytes.subarray(0x1020)];
  expect(others.every((byte) => byte === 0xff)).toBe(true);
});

test('of two entries alike the first boots; sequence 0 and an erased one are none', () => {
  const entry = { seq: 5, state: OTA_STATE.valid };
  expect(readOtaData(writeOtaData([entry, entry])).active).toBe(0);
  for (const seq of [0, 0xffffffff]) {
    const data = readOtaData(writeOtaData([{ seq, state: OTA_STATE.valid }, null]));
    expect(data).toEqual({ entries: [null, null], active: null });
    expect(bootSlot(data, 2)).toBe(0);
  }
});

test('a label that another tool wrote is passed over', () => {
  const bytes = writeOtaData([{ seq: 1, state: OTA_STATE.valid }, null]);
  bytes.fill(0x61, 4, 24);
  expect(readOtaData(bytes).entries[0]).toEqual({ seq: 1, state: OTA_STATE.valid });
});
