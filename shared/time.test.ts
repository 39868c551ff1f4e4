import { expect, test } from 'vitest';
import { isoDay, isoSecond, isoTime, isoTimeMs, minuteUtc, parseIsoUtc, unitTime } from './time.ts';

const NOON_S = 1_769_602_530;

test('moments as text, and none as none', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(isoTime(NOON_S)).toBe('2026-01-28T12:15:30.000Z');
  expect(isoTimeMs(NOON_S * 1000 + 7)).toBe('2026-01-28T12:15:30.007Z');
  expect([isoTime(null), isoTime(undefined)]).toEqual([null, null]);
  expect(minuteUtc(NOON_S)).toBe('2026-01-28 12:15 UTC');
  expect(isoDay(NOON_S * 1000)).toBe('2026-01-28');
});

test('as units write and read it', () => {
  expect(isoSecond(NOON_S)).toBe('2026-01-28T12:15:30Z');
  expect(unitTime(NOON_S * 1000 + 7)).toBe('2026-01-28T12:15:30.007000+00:00');
});

test.each([
  ['2026-01-28T12:15:30Z', NOON_S * 1000],
  ['2026-01-28T12:15:30.000Z', NOON_S * 1000],
  ['2026-01-28T12:15:30+00:00', NOON_S * 1000],
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  ['2026-02-29', null],
  ['2026-02-30T00:00:00Z', null],
  ['2026-04-31', null],
  ['2026-13-01', null],
  ['2026-01-28T25:00:00Z', null],
  ['noon', null],
  ['', null],
])('%j is read as %j', (text, ms) => {
  expect(parseIsoUtc(text)).toBe(ms);
});
