import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, civilDate, clockMs, dayBounds, localHours } from './time-zone.ts';

const HOUR = 3_600_000;
const ZONES = [
  'America/Los_Angeles',
  'Europe/Berlin',
  'Europe/London',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'America/Santiago',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'UTC',
];
const days = fc
  .integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2027, 0, 1) })
  .map((ms) => new Date(ms).toISOString().slice(0, 10));

test('an ordinary day has 24 hours from midnight', () => {
  const hours = localHours('2026-01-28', 'America/Los_Angeles');
  expect(hours.map((h) => h.hour)).toEqual([...Array(24).keys()]);
  expect(new Date(hours[0]?.startMs ?? 0).toISOString()).toBe('2026-01-28T08:00:00.000Z');
});

test('clocks go forward: hour 2 is missing in Los Angeles on 8 March 2026', () => {
  const hours = localHours('2026-03-08', 'America/Los_Angeles');
  expect(hours.map((h) => h.hour).slice(0, 4)).toEqual([0, 1, 3, 4]);
  expect(hours).toHaveLength(23);
});

test('clocks go back: hour 1 comes twice in Los Angeles on 1 November 2026', () => {
  const hours = localHours('2026-11-01', 'America/Los_Angeles');
  expect(hours.map((h) => h.hour).slice(0, 4)).toEqual([0, 1, 1, 2]);
  expect(hours).toHaveLength(25);
  const twice = hours.filter((h) => h.hour === 1).map((h) => new Date(h.startMs).toISOString());
  expect(twice).toEqual(['2026-11-01T08:00:00.000Z', '2026-11-01T09:00:00.000Z']);
});

test('a day that begins at 01:00 (Cairo, 24 April 2026)', () => {
  const hours = localHours('2026-04-24', 'Africa/Cairo');
  expect(hours[0]?.hour).toBe(1);
  expect(hours).toHaveLength(23);
});

test('half an hour of change (Lord Howe): the short stretch stands by itself', () => {
  const hours = localHours('2026-04-05', 'Australia/Lord_Howe');
  expect(hours.map((h) => h.hour).slice(0, 4)).toEqual([0, 1, 1, 2]);
  expect(hours.map((h) => (h.endMs - h.startMs) / HOUR).slice(0, 4)).toEqual([1, 1, 0.5, 1]);
});

test('hours tile the day, days tile time', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), days, (zone, day) => {
      const hours = localHours(day, zone);
      const { startMs, endMs } = dayBounds(day, zone);
      expect(hours[0]?.startMs).toBe(startMs);
      expect(hours.at(-1)?.endMs).toBe(endMs);
      for (const [i, h] of hours.entries()) {
        expect(h.startMs).toBe(i === 0 ? startMs : hours[i - 1]?.endMs);
        expect(civilDate(h.startMs, zone)).toBe(day);
        expect(h.clockMs).toBe(clockMs(h.startMs, zone));
      }
      expect(dayBounds(addDays(day, 1), zone).startMs).toBe(endMs);
    }),
    { numRuns: 150 },
  );
});

test('a name that Intl does not know is no zone to count in', () => {
  expect(() => civilDate(0, 'Mars/Olympus')).toThrow(RangeError);
});

test('a day that a place left out has no hours (Samoa crossed the date line in 2011)', () => {
  const { startMs, endMs } = dayBounds('2011-12-30', 'Pacific/Apia');
  expect(endMs).toBe(startMs);
  expect(localHours('2011-12-30', 'Pacific/Apia')).toEqual([]);
  expect(localHours('2011-12-29', 'Pacific/Apia')).toHaveLength(24);
  expect(dayBounds('2011-12-31', 'Pacific/Apia').startMs).toBe(startMs);
});

test('the date on the wall, and dates counted by the calendar', () => {
  const late = Date.parse('2026-11-19T23:30:00Z');
  expect(civilDate(late, 'Europe/Berlin')).toBe('2026-11-20');
  expect(civilDate(late, 'America/Los_Angeles')).toBe('2026-11-19');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
});

test('days at the ends of the calendar: nothing is thrown, and there are no hours beyond', () => {
  for (const day of ['0001-01-01', '0001-01-02', '0042-06-15', '0099-12-31', '0100-01-01']) {
    const { startMs, endMs } = dayBounds(day, 'Europe/Berlin');
    expect(startMs, day).toBeLessThan(0);
    expect(Math.abs(endMs - startMs), day).toBeLessThan(4 * 86_400_000);
  }
  expect(localHours('9999-12-31', 'UTC')).toEqual([]);
});

test('where clocks stay, a day begins where a search would find it', () => {
  for (const zone of ZONES) {
    const { startMs } = dayBounds('2026-06-15', zone);
    expect([zone, civilDate(startMs, zone), clockMs(startMs, zone)]).toEqual([
      zone,
      '2026-06-15',
      0,
    ]);
    expect(civilDate(startMs - 1, zone)).toBe('2026-06-14');
  }
});
