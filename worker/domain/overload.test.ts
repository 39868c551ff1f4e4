import { expect, test } from 'vitest';
import { isOverdue, retryAfterS } from './overload.ts';

test('who has waited for five seconds is sent away; a clock that is behind sends nobody', () => {
  expect(isOverdue(0, 5000)).toBe(false);
  expect(isOverdue(0, 5001)).toBe(true);
  expect(isOverdue(9000, 0)).toBe(false);
});

test('they come again between five seconds and a minute more', () => {
  expect([0, 0.5, 0.999].map(retryAfterS)).toEqual([5, 35, 64]);
});
