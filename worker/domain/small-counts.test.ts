/** What others may see of few people: nothing that is small, and nothing that tells it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { STAYS, ZONES } from '../../shared/metrics/wire.ts';
import type { Rollup } from './rollup.ts';
import { sharedRollup } from './small-counts.ts';

const PARTITIONS = [STAYS, ZONES, ['ble_apple', 'ble_other']] as const;
const NAMES = ['visits', 'device_minutes', ...STAYS, ...ZONES, 'ble_apple', 'ble_other'] as const;
const of = (more: Partial<Rollup>): Rollup => ({
  ...{ ...EMPTY_COUNTS, location_id: 'bakery', bucket_start_s: 0, revision: 3, ...more },
});

const n = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 12 }), fc.nat(400));
const rollup = fc
  .record({ ...Object.fromEntries(NAMES.map((name) => [name, n])), impressions: n })
  .map((counts) => of(counts as Partial<Rollup>));
const smallest = fc.constantFrom(2, 3, 5, 10, 50);

describe('with a limit', () => {
  test('no count of people that is shown is small, and the row says when one is not shown', () => {
    fc.assert(
      fc.property(rollup, smallest, (own, limit) => {
        const row = sharedRollup(own, limit);
        for (const name of NAMES) {
          const shown = row[name];
          expect(shown === null || shown === own[name], name).toBe(true);
          if (shown !== null) expect(shown === 0 || shown >= limit, name).toBe(true);
        }
        expect(row.withheld).toBe(NAMES.some((name) => row[name] !== own[name]));
      }),
    );
  });

  test('never is one part of a whole left out alone: the others would tell it', () => {
    fc.assert(
      fc.property(rollup, smallest, (own, limit) => {
        const row = sharedRollup(own, limit);
        for (const parts of PARTITIONS) {
          const missing = parts.filter((name) => row[name] === null);
          expect(missing.length, parts.join()).not.toBe(1);
        }
      }),
    );
  });

  test('where few were there at all nothing is shown, and nothing of a nobody is hidden', () => {
    const few = sharedRollup(of({ device_minutes: 3, impressions: 90, dwell_0_1: 3 }), 5);
    for (const name of [...NAMES, 'impressions'] as const) expect(few[name], name).toBeNull();
    expect(few.withheld).toBe(true);
    const nobody = sharedRollup(of({ visits: 0, impressions: 7 }), 5);
    expect(nobody).toMatchObject({ visits: 0, device_minutes: 0, impressions: 7, withheld: false });
  });

  test('of the others it is the smallest that covers', () => {
    const row = sharedRollup(
      of({ device_minutes: 90, dwell_0_1: 4, dwell_1_5: 60, dwell_5_10: 26, rssi_near: 90 }),
      5,
    );
    expect(STAYS.map((name) => row[name])).toEqual([null, 60, null, 0]);
    expect(ZONES.map((name) => row[name])).toEqual([0, 90, 0, 0]);
  });
});

test.each([0, 1])('with %i everything is shown', (limit) => {
  fc.assert(
    fc.property(rollup, (own) => {
      const { readings: _, ...all } = own;
      expect(sharedRollup(own, limit)).toEqual({ ...all, withheld: false });
    }),
  );
});

test('what nobody could tell is not something that was left out', () => {
  expect(sharedRollup(of({ visits: null, device_minutes: 90, rssi_near: 90 }), 5)).toMatchObject({
    ...{ visits: null, withheld: false },
  });
});
