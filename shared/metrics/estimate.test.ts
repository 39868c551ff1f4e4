import { expect, test } from 'vitest';
import { roughly } from './estimate.ts';

test.each([
  [0, 0],
  [7.4, 7],
  [99.4, 99],
  [100, 100],
  [112, 110],
  [115, 120],
  [999, 1000],
  [1204, 1200],
  [1250, 1300],
  [98_765, 99_000],
])('%d is about %d', (n, about) => {
  expect(roughly(n)).toBe(about);
});
