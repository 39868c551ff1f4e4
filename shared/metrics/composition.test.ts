import { expect, test } from 'vitest';
import { compositionPercent } from './composition.ts';

test('shares add up to a hundred', () => {
  expect(compositionPercent({ ble_apple: 56, ble_other: 29 })).toEqual({ apple: 66, other: 34 });
  expect(compositionPercent({ ble_apple: 1, ble_other: 2 })).toEqual({ apple: 33, other: 67 });
});

test('nothing heard is no share at all', () => {
  expect(compositionPercent({ ble_apple: 0, ble_other: 0 })).toBeNull();
});
