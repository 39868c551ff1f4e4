import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { ReadingRequest } from './reading.ts';
import { usualReading } from './usual-reading.ts';

const NAMES = [
  ...['d', 't', 'i', 'u', 'vis', 'occ', 'of', 'cd', 'sf', 'age', 'bt', 'seq', 'ts', 'fw', 'bat'],
  ...['ack', 'cell_rssi', 'dwell_0_1', 'dwell_1_5', 'dwell_5_10', 'dwell_10plus'],
  ...['rssi_immediate', 'rssi_near', 'rssi_far', 'rssi_remote', 'probe_rssi_avg'],
  ...['probe_rssi_min', 'probe_rssi_max', 'ble_i', 'ble_u', 'ble_apple', 'ble_other'],
  ...['ble_rssi_avg', 'ble_android', 'device_id', 'timestamp', 'impressions', 'sig'],
  ...['unique_count', 'x', 'toString', '__proto__'],
];
const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -130, max: 130 }) },
  fc.constantFrom(0, 1, -0, 10_000_000, 10_000_001, 4_294_967_295, 4_294_967_296, 4_102_444_800),
  fc.double(),
  fc.constantFrom(
    'JBNB0001',
    'JBNB00001',
    'JBNB12345',
    '',
    '6.0',
    'ä',
    'a'.repeat(32),
    'a'.repeat(41),
    '1',
  ),
  fc.constantFrom('2026-01-28T12:15:00Z', '2026-01-28T12:15:00', '2026-01-28 12:15', '2026-13-40'),
  fc.constantFrom(null, true, [], {}),
);
const usual = fc.record(
  {
    d: fc.constantFrom('JBNB0001', 'JBNB9999', 'JBNB99999999'),
    t: fc.oneof(fc.constant('2026-01-28T12:15:00.5+00:00'), fc.nat(4_102_444_800)),
    ...{ i: fc.nat(500), u: fc.nat(500), vis: fc.nat(90), seq: fc.nat(), ble_u: fc.nat(90) },
    ...{ probe_rssi_min: fc.integer({ min: -127, max: 20 }), fw: fc.constant('6.0.1') },
    ...{ probe_rssi_max: fc.integer({ min: -127, max: 20 }), ts: fc.constantFrom(0, 1) },
    bat: fc.double({ min: 0, max: 100, noNaN: true }),
  },
  { requiredKeys: ['d', 't', 'i', 'u'] },
);
const changes = fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 3 });

test('what it takes, the schema takes, and both give the same', () => {
  let taken = 0;
  fc.assert(
    fc.property(usual, changes, (start, more) => {
      const text = JSON.stringify(start).slice(0, -1);
      const added = more.map(([key, said]) => `,${JSON.stringify(key)}:${JSON.stringify(said)}`);
      const sent = JSON.parse(`${text}${added.join('')}}`) as unknown;
      const quick = usualReading(structuredClone(sent));
      const parsed = v.safeParse(ReadingRequest, sent);
      if (quick === null) return;
      taken += 1;
      expect(parsed.success).toBe(true);
      expect(parsed.output).toEqual(quick);
    }),
    { numRuns: 20_000 },
  );
  expect(taken).toBeGreaterThan(4000);
});

test('a usual one is not left to the schema', () => {
  fc.assert(
    fc.property(usual, (reading) => {
      const { probe_rssi_min: min = -127, probe_rssi_max: max = 20 } = reading;
      expect(usualReading(reading) === null).toBe(min > max);
    }),
  );
});

test.each([null, 1, 'x', [], {}, { d: 'JBNB0001' }])('%j is no reading', (sent) => {
  expect(usualReading(sent)).toBeNull();
});
