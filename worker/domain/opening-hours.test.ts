import { expect, test } from 'vitest';
import { opensAt } from './opening-hours.ts';

const open = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes });
/** Fridays with a break, a bar on Saturday nights, and Sundays. */
const TIMES = [
  open(5, '14:00', '18:00'),
  open(5, '09:30', '12:30'),
  open(6, '20:00', '02:00'),
  open(7, '09:00', '13:00'),
];

test.each([
  [
    'before it opens, the first time of the day',
    '2026-11-20T06:00:00Z',
    '2026-11-20T08:30:00.000Z',
  ],
  ['at the last moment', '2026-11-20T08:29:59.999Z', '2026-11-20T08:30:00.000Z'],
  ['as it opens', '2026-11-20T08:30:00Z', null],
  ['in its break', '2026-11-20T12:00:00Z', null],
  ['in the evening', '2026-11-20T20:00:00Z', null],
  ['at midnight by its own clock', '2026-11-19T23:00:00Z', '2026-11-20T08:30:00.000Z'],
  ['on a day that was not named', '2026-11-19T08:00:00Z', null],
  ['at night, still open from the day before', '2026-11-22T00:30:00Z', null],
  ['when that night is over', '2026-11-22T01:00:00Z', '2026-11-22T08:00:00.000Z'],
  ['before an hour that is left out', '2026-03-29T00:30:00Z', null],
  ['after it', '2026-03-29T01:30:00Z', '2026-03-29T07:00:00.000Z'],
  ['before an hour that comes twice', '2026-10-24T22:30:00Z', null],
  ['in it', '2026-10-25T01:30:00Z', '2026-10-25T08:00:00.000Z'],
])('%s', (_name, now, expected) => {
  expect(opensAt(TIMES, 'Europe/Berlin', Date.parse(now))).toBe(expected);
});

test('over a change of clocks it opens by the clock of the time when it opens', () => {
  const sundays = [open(7, '09:00', '13:00')];
  const at = (now: string) => opensAt(sundays, 'Europe/Berlin', Date.parse(now));
  expect(at('2026-03-29T00:30:00Z')).toBe('2026-03-29T07:00:00.000Z');
  expect(at('2026-10-24T22:30:00Z')).toBe('2026-10-25T08:00:00.000Z');
});

test('of a shop that said nothing nobody knows', () => {
  expect(opensAt([], 'Europe/Berlin', Date.parse('2026-11-20T06:00:00Z'))).toBeNull();
});
