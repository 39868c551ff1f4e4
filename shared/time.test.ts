import fc from 'fast-check';
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
  ['2024-12-31T23:59:59.999Z', Date.UTC(2024, 11, 31, 23, 59, 59, 999)],
  ['2026-01-28T12:15Z', NOON_S * 1000 - 30_000],
  ['2026-01-28T24:00:00Z', null], // that is the next day's
  ['2026-01-28T12:15:60Z', null],
  // What Date.parse takes: by the computer's own zone, by another's, or with words
  ['2026-01-28T12:15:30', null],
  ['2026-01-28 12:15', null],
  ['2026-01-28T12:15:30+05:00', null],
  ['2026-01-28, 12:00 PST', null],
  ['2026-01-28 (about)', null],
  ['2026-01', null],
  ['2026', null],
  ['', null],
])('%j is read as %j', (text, ms) => {
  expect(parseIsoUtc(text)).toBe(ms);
});

const moments = fc.date({
  min: new Date('1970-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

test('every writing of a moment agrees with the calendar that Intl shows', () => {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'UTC',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  fc.assert(
    fc.property(moments, (date) => {
      const ms = date.getTime();
      const seconds = Math.floor(ms / 1000);
      const [day, time] = parts.format(date).split(' ');
      expect(isoDay(ms)).toBe(day);
      expect(isoSecond(seconds)).toBe(`${day}T${time}Z`);
      expect(minuteUtc(seconds)).toBe(`${day} ${time?.slice(0, 5)} UTC`);
      expect(unitTime(ms)).toBe(`${day}T${time}.${`${ms % 1000}`.padStart(3, '0')}000+00:00`);
    }),
  );
});

test('every writing of a moment that stands for one is read as it', () => {
  fc.assert(
    fc.property(moments, (date) => {
      const ms = date.getTime();
      const seconds = Math.floor(ms / 1000);
      expect(parseIsoUtc(isoTimeMs(ms))).toBe(ms);
      expect(parseIsoUtc(unitTime(ms))).toBe(ms);
      expect(parseIsoUtc(isoSecond(seconds))).toBe(seconds * 1000);
      expect(parseIsoUtc(isoDay(ms))).toBe(Math.floor(ms / 86_400_000) * 86_400_000);
    }),
  );
});

test('a day is read when its month has it, Gregorian leap years and all', () => {
  const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const two = (n: number) => `${n}`.padStart(2, '0');
  for (const year of [1900, 1970, 1999, 2000, 2024, 2026, 2100, 2400]) {
    const lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (let month = 0; month <= 13; month += 1) {
      for (let day = 0; day <= 32; day += 1) {
        const text = `${year}-${two(month)}-${two(day)}`;
        const isThere = day >= 1 && day <= (lengths[month - 1] ?? 0);
        expect([text, parseIsoUtc(text) !== null]).toEqual([text, isThere]);
      }
    }
  }
});
