import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REQUESTS_A_MINUTE } from './anomaly.ts';
import { MinuteCounts } from './minute-counts.ts';

test('as a list of moments would count them, whatever the clock does', () => {
  const step = fc.record({ unit: fc.nat(2000), atS: fc.integer({ min: 0, max: 300 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const counts = new MinuteCounts();
      const windows = new Map<number, number[]>();
      for (const { unit: any, atS } of steps) {
        const unit = any % 3 === 0 ? 7 : any;
        const [first = Number.NaN, ...rest] = windows.get(unit) ?? [];
        const isSame = atS >= first && atS < first + 60;
        windows.set(unit, isSame ? [first, ...rest, atS] : [atS]);
        expect(counts.count(unit, atS)).toBe(windows.get(unit)?.length);
      }
    }),
  );
});

test('a flood is counted up to a limit', () => {
  const counts = new MinuteCounts();
  for (let n = 0; n < 70_000; n += 1) counts.count(0, 1);
  expect(counts.count(0, 1)).toBe(65_535);
});

test('a minute has as many requests as a unit may send, and the next one floods', () => {
  const counts = new MinuteCounts();
  for (let n = 1; n <= REQUESTS_A_MINUTE; n += 1) expect(counts.floods(3, 100)).toBe(false);
  expect(counts.floods(3, 159)).toBe(true);
  // Its minute is over, and a new one begins with this request.
  expect(counts.floods(3, 160)).toBe(false);
  expect(counts.count(3, 219)).toBe(2);
  expect(counts.count(3, 220)).toBe(1);
});

test('one request that counts as many floods by itself, in its own unit alone', () => {
  const counts = new MinuteCounts();
  expect(counts.floods(1, 100, REQUESTS_A_MINUTE)).toBe(false);
  expect(counts.floods(2, 100, REQUESTS_A_MINUTE + 1)).toBe(true);
  expect(counts.floods(1, 100)).toBe(true);
  expect(counts.count(0, 100)).toBe(1);
  // What makes room for many more keeps those that are there.
  expect(counts.count(40_000, 100)).toBe(1);
  expect(counts.count(2, 100, 5)).toBe(REQUESTS_A_MINUTE + 6);
  expect(counts.count(2, 100, 1e9)).toBe(65_535);
});
