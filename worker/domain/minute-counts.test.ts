import fc from 'fast-check';
import { expect, test } from 'vitest';
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
