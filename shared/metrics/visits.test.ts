import { expect, test } from 'vitest';
import { addKnown, visitsOf } from './visits.ts';

test('what the unit counts as visits wins over its stays', () => {
  expect(visitsOf({ vis: 7, dwell_0_1: 100 })).toBe(7);
  expect(visitsOf({ vis: 0, dwell_0_1: 100 })).toBe(0);
});

test('older firmware: each ended stay is a visit', () => {
  expect(visitsOf({ dwell_0_1: 25, dwell_1_5: 30, dwell_5_10: 10, dwell_10plus: 5 })).toBe(70);
  expect(visitsOf({ dwell_1_5: 3 })).toBe(3);
});

test('firmware that counts neither: not known, which is not zero', () => {
  expect(visitsOf({})).toBeNull();
  expect(addKnown(null, null)).toBeNull();
  expect(addKnown(null, 0)).toBe(0);
  expect(addKnown(2, 3)).toBe(5);
});
