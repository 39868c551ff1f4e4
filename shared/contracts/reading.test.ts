import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { describeIssues } from './common.ts';
import { ReadingRequest } from './reading.ts';

const least = { d: 'JBNB0001', t: '2026-01-28T12:15:00Z', i: 450, u: 120 };
const parse = (value: unknown) => v.parse(ReadingRequest, value);
const reasonOf = (value: unknown) => {
  const result = v.safeParse(ReadingRequest, value);
  return result.success ? '' : describeIssues(result.issues);
};

test('old spellings come out under the new ones', () => {
  const old = { device_id: 'JBNB0001', timestamp: 1769602500, impressions: 9, unique_count: 3 };
  const fields = { sig: -85, ble_impressions: 4, ble_unique: 2, firmware_version: '2.0' };
  expect(parse({ ...old, ...fields, battery_pct: 80 })).toEqual({
    d: 'JBNB0001',
    t: 1769602500,
    i: 9,
    u: 3,
    cell_rssi: -85,
    ble_i: 4,
    ble_u: 2,
    fw: '2.0',
    bat: 80,
  });
});

test('Android joins the others; the smaller of min and max is the weakest', () => {
  const mixed = { ble_other: 5, ble_android: 3, probe_rssi_min: -45, probe_rssi_max: -88 };
  expect(parse({ ...least, ...mixed })).toEqual({
    ...least,
    ble_other: 8,
    probe_rssi_min: -88,
    probe_rssi_max: -45,
  });
  expect(parse({ ...least, ble_android: 3 })).toEqual({ ...least, ble_other: 3 });
});

test('unknown fields and nulls say nothing', () => {
  expect(parse({ ...least, invented: {}, cell_rssi: null })).toEqual(least);
});

test.each([
  [{ ...least, u: undefined }, 'u: is missing'],
  [{ ...least, u: null, unique_count: -1 }, 'u: must not be negative'],
  [{ ...least, i: 1.5 }, 'i: must be a whole number'],
  [{ ...least, i: '4' }, 'i: must be a number'],
  [{ ...least, i: 10_000_001 }, 'i: must not be over 10000000'],
  [{ ...least, probe_rssi_avg: -128 }, 'probe_rssi_avg: must be −127 dBm or more'],
  [{ ...least, cell_rssi: 21 }, 'cell_rssi: must be 20 dBm or less'],
  [{ ...least, t: '28 January' }, 't: must be an ISO 8601 UTC time or Unix seconds'],
  [{ ...least, d: 'JBNB42' }, 'd: device id must be JBNB and four to eight digits, like JBNB0042'],
  [[], 'd: is missing'],
  ['text', 'must be a JSON object'],
  [null, 'must be a JSON object'],
])('%j: %s', (value, reason) => {
  expect(reasonOf(value)).toBe(reason);
});

test('whatever JSON arrives, it is taken or explained in one line', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const reason = reasonOf(value);
      expect(reason).not.toContain('\n');
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('i', 'u', 't', 'of', 'bat'), fc.jsonValue()), (f) => {
      const result = v.safeParse(ReadingRequest, { ...least, ...f });
      if (result.success) expect(result.output.i).toBeGreaterThanOrEqual(0);
      else expect(describeIssues(result.issues)).toMatch(/^(i|u|t|of|bat): /);
    }),
  );
});
