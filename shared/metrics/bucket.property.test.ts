/** Sums of buckets: whatever order readings come in, and whatever they leave out. */
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { type Reading, ReadingRequest } from '../contracts/reading.ts';
import { inputsOf } from '../testing/arbitrary.ts';
import {
  addCounts,
  BUCKET_S,
  type BucketCounts,
  bucketStart,
  COUNT_FIELDS,
  contribution,
  EMPTY_COUNTS,
} from './bucket.ts';
import { compositionPercent } from './composition.ts';
import { visitsOf } from './visits.ts';
import { STAYS, stayOf, ZONES, zoneOf } from './wire.ts';

const readings: fc.Arbitrary<Reading> = inputsOf(ReadingRequest)
  .map((input) => v.safeParse(ReadingRequest, input))
  .filter((result) => result.success)
  .map((result) => result.output as Reading);
const sum = (all: readonly BucketCounts[]) => all.reduce(addCounts, EMPTY_COUNTS);

test('the order of readings and how they are put together never matter', () => {
  fc.assert(
    fc.property(fc.array(readings, { maxLength: 8 }), fc.nat(8), (list, at) => {
      const parts = list.map(contribution);
      const whole = sum(parts);
      expect(sum([...parts].reverse())).toEqual(whole);
      expect(addCounts(sum(parts.slice(0, at)), sum(parts.slice(at)))).toEqual(whole);
      expect(whole.readings).toBe(list.length);
    }),
    { numRuns: 200 },
  );
});

test('counts are numbers, none negative; visits are unknown only where nobody tells', () => {
  fc.assert(
    fc.property(fc.array(readings, { maxLength: 5 }), (list) => {
      const whole = sum(list.map(contribution));
      for (const name of COUNT_FIELDS) expect(whole[name]).toBeGreaterThanOrEqual(0);
      const known = list.map(visitsOf).filter((visits) => visits !== null);
      expect(whole.visits).toBe(known.length === 0 ? null : known.reduce((a, b) => a + b, 0));
    }),
    { numRuns: 200 },
  );
});

test('every moment has one bucket, which holds it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 5e9 }), (moment) => {
      const start = bucketStart(moment);
      expect(Math.abs(start % BUCKET_S)).toBe(0);
      expect(moment - start).toBeGreaterThanOrEqual(0);
      expect(moment - start).toBeLessThan(BUCKET_S);
    }),
  );
});

test('shares of makers add up, and nothing has no share', () => {
  fc.assert(
    fc.property(fc.nat(1e7), fc.nat(1e7), (ble_apple, ble_other) => {
      const shares = compositionPercent({ ble_apple, ble_other });
      if (ble_apple + ble_other === 0) return expect(shares).toBeNull();
      expect((shares?.apple ?? 0) + (shares?.other ?? 0)).toBe(100);
      expect(shares?.apple).toBeGreaterThanOrEqual(0);
      expect(shares?.other).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('nearer is never a farther zone, longer never a shorter stay', () => {
  fc.assert(
    fc.property(fc.integer({ min: -127, max: 20 }), fc.nat(40), (rssi, more) => {
      const at = (dbm: number) => ZONES.indexOf(zoneOf(dbm));
      expect(at(rssi + more)).toBeLessThanOrEqual(at(rssi));
      const stay = (minutes: number) => STAYS.indexOf(stayOf(minutes));
      expect(stay(more + 1)).toBeGreaterThanOrEqual(stay(more));
    }),
  );
});
