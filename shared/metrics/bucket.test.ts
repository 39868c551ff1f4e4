import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addCounts, type BucketCounts, bucketStart, contribution, EMPTY_COUNTS } from './bucket.ts';

const reading = fc.record(
  {
    d: fc.constant('JBNB0001'),
    t: fc.constant(1_769_600_000),
    i: fc.nat(1000),
    u: fc.nat(1000),
    vis: fc.nat(1000),
    dwell_0_1: fc.nat(1000),
    rssi_far: fc.nat(1000),
    ble_apple: fc.nat(1000),
  },
  { requiredKeys: ['d', 't', 'i', 'u'] },
);

const sum = (all: BucketCounts[]) => all.reduce(addCounts, EMPTY_COUNTS);

test('sums do not depend on the order of readings', () => {
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 12 }), (readings) => {
      const counts = readings.map(contribution);
      expect(sum([...counts].reverse())).toEqual(sum(counts));
      expect(sum(counts).readings).toBe(readings.length);
    }),
  );
});

test('a bucket starts on a five-minute mark and holds its moment', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e9 }), (moment) => {
      const start = bucketStart(moment);
      expect(start % 300).toBe(0);
      expect(moment - start).toBeGreaterThanOrEqual(0);
      expect(moment - start).toBeLessThan(300);
    }),
  );
});

test('what a reading leaves out adds nothing, and visits stay unknown', () => {
  const counts = contribution({ d: 'JBNB0001', t: 1_769_600_000, i: 100, u: 50 });
  expect(counts).toEqual({ ...EMPTY_COUNTS, readings: 1, impressions: 100, device_minutes: 50 });
});
