/** Weeks over changes of the clocks; the store is a list, everything else is real. */
import { expect, test } from 'vitest';
import { EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import type { Bucket } from './insights.ts';
import { storeOf, theUnit } from './testing/insights-store.ts';
import { weekOf } from './week.ts';

const BERLIN = { id: 'b', name: 'B', time_zone: 'Europe/Berlin' };

const bucket = (iso: string, visits: number | null): Bucket => ({
  ...EMPTY_COUNTS,
  bucket_start_s: Date.parse(iso) / 1000,
  readings: 1,
  impressions: 2,
  visits,
});

const week = (buckets: Bucket[], day: string | undefined, now: string) =>
  weekOf(storeOf(buckets, [theUnit(buckets)]), BERLIN, day, Date.parse(now));

test('seven civil days, across the hour that is missing in March', async () => {
  // Clocks go forward on 2026-03-29 in Berlin: days begin at 23:00 UTC before, at 22:00 after.
  const buckets = [
    bucket('2026-03-28T22:55:00Z', 1),
    bucket('2026-03-28T23:00:00Z', 2),
    bucket('2026-03-29T21:55:00Z', 4),
    bucket('2026-03-29T22:00:00Z', 8),
    bucket('2026-03-30T21:55:00Z', 16),
  ];
  const found = await week(buckets, '2026-03-31', '2026-05-01T00:00:00Z');
  expect([found.from, found.to]).toEqual(['2026-03-25', '2026-03-31']);
  const visits = Object.fromEntries(found.days.map((d) => [d.day.slice(5), d.visits]));
  expect(visits).toEqual({
    '03-25': null,
    '03-26': null,
    '03-27': null,
    '03-28': 1,
    '03-29': 6,
    '03-30': 24,
    '03-31': null,
  });
  expect([found.visitors, found.busiest_day, found.busiest_hour]).toEqual([31, '2026-03-30', 23]);
});

test('the hour that comes twice in October is one day’s, and one of the clock', async () => {
  const buckets = [
    bucket('2026-10-25T00:30:00Z', 3),
    bucket('2026-10-25T01:30:00Z', 4),
    bucket('2026-10-25T22:55:00Z', 5),
    bucket('2026-10-25T23:00:00Z', 100),
  ];
  const found = await week(buckets, '2026-10-25', '2026-12-01T00:00:00Z');
  expect(found.days.at(-1)).toMatchObject({ day: '2026-10-25', visits: 12 });
  // 02:30 summer time and 02:30 winter time.
  expect(found.busiest_hour).toBe(2);
});

test('each day is beside the same weekday before, as far as both are known', async () => {
  const buckets = [
    bucket('2026-06-02T20:00:00Z', 40),
    bucket('2026-06-03T08:00:00Z', 10),
    bucket('2026-06-03T14:00:00Z', 20),
    bucket('2026-06-09T20:00:00Z', 30),
    bucket('2026-06-10T08:00:00Z', 1),
  ];
  const found = await week(buckets, 'today', '2026-06-10T10:00:00Z');
  const [yesterday, today] = found.days.slice(-2);
  expect(today?.comparison).toMatchObject({ visitors: 1, visitors_week_before: 10 });
  expect(yesterday?.comparison).toMatchObject({ visitors: 30, visitors_week_before: 40 });
  expect(found.comparison).toMatchObject({ visitors: 31, visitors_week_before: 50 });
  expect(found.known_until).toBe('2026-06-10T08:05:00.000Z');
  expect(found.is_complete).toBe(false);
  const whole = await week(buckets, 'yesterday', '2026-06-11T10:30:00Z');
  expect(whole.days.at(-1)).toMatchObject({ day: '2026-06-10', comparison: { has_gaps: false } });
});

test('a day that lacks hours says how many, beside what the week before had', async () => {
  const hours = (day: string, from: number, to: number) =>
    Array.from({ length: (to - from) * 12 }, (_, i) =>
      bucket(new Date(Date.parse(`${day}T00:00:00Z`) + (from * 12 + i) * 300_000).toISOString(), 1),
    );
  const buckets = [
    ...hours('2026-06-01', 6, 18),
    ...hours('2026-06-02', 6, 18),
    ...hours('2026-06-03', 6, 18),
    ...hours('2026-06-08', 6, 18),
    ...hours('2026-06-09', 6, 8),
    ...hours('2026-06-10', 6, 7),
  ];
  const found = await week(buckets, 'today', '2026-06-10T17:00:00Z');
  const missing = found.days.slice(-3).map((day) => [day.day, day.hours_missing]);
  // Monday was as long as the one before; Tuesday stopped; of today nobody knows yet.
  expect(missing).toEqual([
    ['2026-06-08', 0],
    ['2026-06-09', 10],
    ['2026-06-10', 0],
  ]);
});

test('a week without a reading is unknown, not zero', async () => {
  const found = await week([], undefined, '2026-06-10T10:00:00Z');
  expect(found).toMatchObject({
    visitors: null,
    comparison: null,
    known_until: null,
    busiest_day: null,
    busiest_hour: null,
  });
  expect(found.days).toHaveLength(7);
});

test('a week is compared with any other that is asked for', async () => {
  const buckets = [
    bucket('2026-05-05T10:00:00Z', 5),
    bucket('2026-06-02T10:00:00Z', 40),
    bucket('2026-06-09T10:00:00Z', 30),
  ];
  const store = storeOf(buckets, [theUnit(buckets)]);
  const now = Date.parse('2026-07-01T00:00:00Z');
  const chosen = await weekOf(store, BERLIN, '2026-06-14', now, '2026-05-10');
  expect([chosen.against, chosen.visitors]).toEqual(['2026-05-10', 30]);
  expect(chosen.comparison).toMatchObject({ visitors: 30, visitors_week_before: 5 });
  const usual = await weekOf(store, BERLIN, '2026-06-14', now);
  expect(usual.against).toBe('2026-06-07');
  expect(usual.comparison).toMatchObject({ visitors_week_before: 40 });
});
