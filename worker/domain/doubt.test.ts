/** The bounds of a unit's word, each at its edge and one beyond (docs/decisions/0035). */
import { expect, test } from 'vitest';
import type { Reading } from '../../shared/contracts/reading.ts';
import { boundsOf, type Doubt } from './doubt.ts';

const reading = (more: Partial<Reading>): Reading => ({
  ...{ d: 'JBNB0001', t: 1_769_601_600, ts: 1 as const, i: 100, u: 10, ...more },
});

test.each<[Partial<Reading>, Doubt | null]>([
  [{ i: 10, u: 10 }, null],
  [{ i: 9, u: 10 }, 'impressions'],
  [{ rssi_immediate: 1, rssi_near: 2, rssi_far: 3, rssi_remote: 4 }, null],
  [{ rssi_immediate: 1, rssi_near: 2, rssi_far: 3, rssi_remote: 5 }, 'zones'],
  [{ dwell_0_1: 700, dwell_1_5: 60, dwell_5_10: 10, dwell_10plus: 8 }, null],
  [{ dwell_0_1: 700, dwell_1_5: 60, dwell_5_10: 10, dwell_10plus: 9 }, 'stays'],
  [{ vis: 650 }, null],
  [{ vis: 651 }, 'visits'],
  [{ vis: 655, of: 5 }, null],
  [{ vis: 656, of: 5 }, 'visits'],
  // the first one names the doubt
  [{ i: 9, rssi_near: 11, vis: 651 }, 'impressions'],
])('%j: %s', (more, contradiction) => {
  expect(boundsOf(reading(more)).contradiction).toBe(contradiction);
});

test.each<[Partial<Reading>, boolean]>([
  [{ ble_i: 5, ble_u: 5, ble_apple: 5, ble_other: 5 }, false],
  [{ ble_i: 4, ble_u: 5 }, true],
  [{ ble_u: 5, ble_apple: 6 }, true],
  [{ ble_u: 5, ble_other: 6 }, true],
  // nothing binds who names no device-minutes
  [{ ble_i: 1, ble_apple: 6, ble_other: 6 }, false],
])('Bluetooth %j is odd: %s; a contradiction with firmware 6 only', (more, isOdd) => {
  expect(boundsOf(reading(more))).toMatchObject({
    ...{ contradicts_from_4_1: isOdd, contradiction: null, same_start_max: 2 },
  });
  const v6 = boundsOf(reading({ ...more, seq: 1 }));
  expect(v6.same_start_max).toBe(1);
  if (isOdd) expect(v6.contradiction).toBe('bluetooth');
});

test('firmware 6 counts a device-minute as Apple’s or another’s, never as both', () => {
  const split = (ble_other: number, seq?: number) =>
    boundsOf(reading({ ble_u: 5, ble_apple: 3, ble_other, ...(seq === undefined ? {} : { seq }) }));
  expect(split(2, 0).contradiction).toBeNull();
  expect(split(3, 0).contradiction).toBe('bluetooth');
  expect(split(3).contradiction).toBeNull();
});

test.each<[Partial<Reading>, number]>([
  [{}, 0],
  [{ i: 120_000, u: 768 }, 0],
  [{ i: 240_000 }, 1],
  [{ i: 600_000, u: 5 * 768 }, 4],
  [{ i: 99_999, u: 3 * 768 }, 2],
  [{ i: 999, u: 640, vis: 640 + 320 }, 3],
  [{ ble_i: 360_000 }, 2],
  [{ ble_apple: 360_000 }, 2],
  [{ ble_other: 480_000 }, 3],
  [{ ble_u: 3 * 384 }, 2],
])('%j takes %d minutes at least', (more, minutes) => {
  expect(boundsOf(reading(more)).minutes_needed).toBeCloseTo(minutes, 9);
});
