import { expect, test } from 'vitest';
import { captureRate, passersBy } from './passers-by.ts';

const zones = (...[a = 0, b = 0, c = 0, d = 0]: number[]) => {
  return { rssi_immediate: a, rssi_near: b, rssi_far: c, rssi_remote: d };
};

test('who is beyond the near zone passes by', () => {
  expect(passersBy(zones(5, 7, 20, 30))).toBe(50);
  expect(passersBy(zones(5, 7))).toBe(0);
});

test('without any zone nobody can tell', () => {
  expect(passersBy(zones())).toBeNull();
});

test('the share that came in is of all who came by', () => {
  expect(captureRate(25, 75)).toBe(0.25);
  expect(captureRate(3, 0)).toBe(1);
  expect(captureRate(0, 9)).toBe(0);
  const unknown = [captureRate(null, 3), captureRate(3, null), captureRate(0, 0)];
  expect(unknown).toEqual([null, null, null]);
});
