import { expect, test } from 'vitest';
import { median, medianInterval, quantile } from './statistics.ts';

test('a median lies in the middle, a quantile between two values', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(quantile([10, 20, 30, 40, 50], 0.99)).toBeCloseTo(49.6);
  expect(median([])).toBeNaN();
});

// Order statistics of the median: 2 · P(Binomial(n, ½) < rank) is left outside.
test.each([
  [5, 0, 4],
  [7, 0, 6],
  [8, 1, 6],
  [11, 2, 8],
  [20, 5, 14],
])('of %d values the interval is from number %d to number %d', (n, from, to) => {
  const values = Array.from({ length: n }, (_, i) => i);
  expect(medianInterval(values.toReversed())).toEqual([from, to]);
});
