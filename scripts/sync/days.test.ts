import { expect, test } from 'vitest';
import { daysOf } from './days.ts';

const NOW = Date.UTC(2026, 2, 1, 12);

test('yesterday by itself, one day, or all from the first to the last', () => {
  expect(daysOf(undefined, undefined, NOW)).toEqual(['2026-02-28']);
  expect(daysOf('2026-02-27', undefined, NOW)).toEqual(['2026-02-27']);
  expect(daysOf('2026-02-27', '2026-03-01', NOW)).toEqual([
    '2026-02-27',
    '2026-02-28',
    '2026-03-01',
  ]);
});

test.each(['2026-02-30', '30.11.2026', 'x', '2026-2-1'])('%s is no day', (day) => {
  expect(() => daysOf(day, undefined, NOW)).toThrow('is no day');
  expect(() => daysOf('2026-01-01', day, NOW)).toThrow('is no day');
});

test('what ends before it begins is refused', () => {
  expect(() => daysOf('2026-02-02', '2026-02-01', NOW)).toThrow('is before');
});
