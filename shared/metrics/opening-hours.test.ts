import { expect, test } from 'vitest';
import { clockOf, isOpen, minutesOf } from './opening-hours.ts';

const open = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes });

test.each([
  ['before it opens', 1, 8, false],
  ['in the hour in which it opens', 1, 9, true],
  ['in the hour in which it closes', 1, 12, true],
  ['at noon', 1, 13, false],
  ['in the afternoon', 1, 17, true],
  ['from the minute at which it closes', 1, 18, false],
  ['on a day that was not named', 2, 10, false],
])('%s', (_name, weekday, hour, expected) => {
  const times = [open(1, '09:30', '12:30'), open(1, '14:00', '18:00')];
  expect(isOpen(times, weekday, hour)).toBe(expected);
});

test('a bar closes on the day after, on Sunday in the next week', () => {
  const times = [open(7, '18:00', '02:00'), open(3, '20:00', '24:00')];
  expect([17, 18, 23].map((h) => isOpen(times, 7, h))).toEqual([false, true, true]);
  expect([0, 1, 2].map((h) => isOpen(times, 1, h))).toEqual([true, true, false]);
  expect([isOpen(times, 3, 23), isOpen(times, 4, 0)]).toEqual([true, false]);
});

test('of a shop that said nothing nobody knows', () => {
  expect(isOpen([], 1, 3)).toBeNull();
});

test('clock and minutes', () => {
  expect([minutesOf('00:00'), minutesOf('09:30'), minutesOf('24:00')]).toEqual([0, 570, 1440]);
  expect([clockOf(0), clockOf(570), clockOf(1440)]).toEqual(['00:00', '09:30', '24:00']);
});
