/** Insights over days of every length; the store is a list, everything else is real. */

import { expect, test } from 'vitest';
import type { InsightHour } from '../../shared/contracts/insights.ts';
import { EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { isoTimeMs } from '../../shared/time.ts';
import { type Bucket, insightsOf } from './insights.ts';
import { storeOf, theUnit } from './testing/insights-store.ts';

const ANGELES = { id: 'a', name: 'A', time_zone: 'America/Los_Angeles' };
const at = (iso: string) => Date.parse(iso);

function bucket(iso: string, visits: number | null, more: Partial<Bucket> = {}): Bucket {
  return { ...EMPTY_COUNTS, bucket_start_s: at(iso) / 1000, readings: 1, visits, ...more };
}

const insights = (buckets: Bucket[], day: string | undefined, now: string) =>
  insightsOf(storeOf(buckets, [theUnit(buckets)]), ANGELES, day, at(now));
const visitsBy = (hours: InsightHour[]) => hours.map((h) => [h.hour, h.visits]);

test('a day is the location’s day, not the UTC day', async () => {
  const buckets = [
    bucket('2026-01-28T07:55:00Z', 100),
    bucket('2026-01-28T08:00:00Z', 1),
    bucket('2026-01-29T07:55:00Z', 2),
    bucket('2026-01-29T08:00:00Z', 100),
  ];
  const day = await insights(buckets, '2026-01-28', '2026-02-10T00:00:00Z');
  expect(day.visitors).toBe(3);
  expect(day.known_until).toBe('2026-01-29T08:00:00.000Z');
  expect(day.hours[0]).toMatchObject({ hour: 0, visits: 1 });
  expect(day.hours[23]).toMatchObject({ hour: 23, visits: 2 });
  expect(day.busiest_hour).toBe(23);
});

test('a gap is not a zero, and an unknown number of visits is neither', async () => {
  const buckets = [
    bucket('2026-01-28T17:00:00Z', 0, { impressions: 0 }),
    bucket('2026-01-28T18:00:00Z', null, { impressions: 7, device_minutes: 3 }),
  ];
  const { hours, busiest_hour, visitors } = await insights(
    buckets,
    '2026-01-28',
    '2026-02-10T00:00:00Z',
  );
  expect(hours[9]).toMatchObject({ visits: 0, impressions: 0 });
  expect(hours[10]).toMatchObject({ visits: null, impressions: 7, device_minutes: 3 });
  expect(hours[11]).toMatchObject({ visits: null, impressions: null, device_minutes: null });
  expect(busiest_hour).toBeNull();
  expect(visitors).toBe(0);
});

test('a day without any reading', async () => {
  const day = await insights([], '2026-01-28', '2026-02-10T00:00:00Z');
  const { visitors, comparison, newest_reading_at, known_until, units } = day;
  expect([visitors, comparison, newest_reading_at, known_until]).toEqual([null, null, null, null]);
  expect(units).toEqual({ total: 1, reporting: 0, missing: [], quality: [] });
  expect(day.hours).toHaveLength(24);
});

/** A bucket every five minutes from one moment to another, each with as many visits. */
function every(from: string, to: string, visits: number): Bucket[] {
  const [fromMs, toMs] = [at(from), at(to)];
  const count = (toMs - fromMs) / 300_000;
  return Array.from({ length: count }, (_, i) => bucket(isoTimeMs(fromMs + i * 300_000), visits));
}

test('today is compared with the same weekday as far as today is known', async () => {
  const buckets = [
    ...every('2026-01-21T17:00:00Z', '2026-01-21T21:00:00Z', 2),
    ...every('2026-01-28T17:00:00Z', '2026-01-28T19:20:00Z', 2),
  ];
  // Silent for 43 minutes: nothing is wrong with trade.
  const today = await insights(buckets, undefined, '2026-01-28T20:03:00Z');
  expect(today).toMatchObject({ day: '2026-01-28', visitors: 56, is_complete: false });
  expect(today.known_until).toBe('2026-01-28T19:20:00.000Z');
  expect(today.comparison).toEqual({
    until: '2026-01-28T19:20:00.000Z',
    has_gaps: false,
    visitors: 56,
    visitors_week_before: 56,
  });
  expect(today.units.missing).toEqual([
    { device_id: 'JBNB0001', name: null, from: '2026-01-28T19:20:00.000Z', to: null },
  ]);
  const later = await insights(buckets, '2026-01-28', '2026-01-30T00:00:00Z');
  expect(later.comparison).toEqual(today.comparison);
  expect(later.is_complete).toBe(false);
  expect(later.hours_week_before[12]).toMatchObject({ hour: 12, visits: 24 });
});

test('up to the same time of day by the clock on the wall, across a change of clocks', async () => {
  // Sunday before: summer time (UTC−7); Sunday shown: 1 November, clocks go back at 02:00.
  const buckets = [
    ...every('2026-10-25T18:00:00Z', '2026-10-25T22:00:00Z', 3),
    ...every('2026-11-01T19:00:00Z', '2026-11-01T20:00:00Z', 1),
  ];
  const { comparison } = await insights(buckets, undefined, '2026-11-01T20:00:00Z');
  expect(comparison).toMatchObject({ visitors: 12, visitors_week_before: 36, has_gaps: false });
});

test('clocks go back: hour 1 comes twice and each keeps its own visits', async () => {
  const buckets = [
    bucket('2026-10-25T08:00:00Z', 9),
    bucket('2026-11-01T08:30:00Z', 4),
    bucket('2026-11-01T09:30:00Z', 5),
  ];
  const day = await insights(buckets, '2026-11-01', '2026-12-01T00:00:00Z');
  expect(day.hours).toHaveLength(25);
  expect(visitsBy(day.hours).slice(1, 3)).toEqual([
    [1, 4],
    [1, 5],
  ]);
  expect(visitsBy(day.hours_week_before).slice(0, 4)).toEqual([
    [0, null],
    [1, 9],
    [1, null],
    [2, null],
  ]);
  expect(day.visitors).toBe(9);
});

test('clocks go forward: hour 2 is missing and what lies behind it keeps its place', async () => {
  const buckets = [bucket('2026-03-01T10:00:00Z', 8), bucket('2026-03-08T10:00:00Z', 4)];
  const day = await insights(buckets, '2026-03-08', '2026-04-01T00:00:00Z');
  expect(day.hours).toHaveLength(23);
  expect(day.hours.find((h) => h.visits === 4)?.hour).toBe(3);
  expect(day.hours_week_before.map((h) => h.hour)).toEqual(day.hours.map((h) => h.hour));
  // 2:00 a week before has no counterpart, so there is nothing to compare.
  expect(day.comparison).toBeNull();
});

test('zones, stays and composition are the day’s sums', async () => {
  const some = { rssi_near: 2, dwell_1_5: 3, ble_apple: 4, ble_other: 5 };
  const buckets = [
    bucket('2026-01-28T17:00:00Z', 1, some),
    bucket('2026-01-28T18:00:00Z', 1, some),
    bucket('2026-01-21T18:00:00Z', 1, some),
  ];
  const day = await insights(buckets, '2026-01-28', '2026-02-10T00:00:00Z');
  expect(day.zones).toEqual({ rssi_immediate: 0, rssi_near: 4, rssi_far: 0, rssi_remote: 0 });
  expect(day.stays).toEqual({ dwell_0_1: 0, dwell_1_5: 6, dwell_5_10: 0, dwell_10plus: 0 });
  expect(day.composition).toEqual({ ble_apple: 8, ble_other: 10 });
});

test('a day is compared with another one that is asked for, hour by hour', async () => {
  const buckets = [
    bucket('2026-01-20T18:00:00Z', 4),
    bucket('2026-01-21T18:00:00Z', 9),
    bucket('2026-01-28T18:00:00Z', 6, { rssi_near: 2, rssi_far: 5, rssi_remote: 6 }),
  ];
  const store = storeOf(buckets, [theUnit(buckets)]);
  const against = (day?: string) =>
    insightsOf(store, ANGELES, '2026-01-28', at('2026-02-10T00:00:00Z'), day);
  const chosen = await against('2026-01-20');
  expect(chosen.against).toBe('2026-01-20');
  expect(chosen.comparison).toMatchObject({ visitors: 6, visitors_week_before: 4 });
  expect(chosen.hours_week_before[10]).toMatchObject({ hour: 10, visits: 4 });
  expect(chosen.passers_by).toBe(11);
  const usual = await against();
  expect(usual.against).toBe('2026-01-21');
  expect(usual.comparison).toMatchObject({ visitors_week_before: 9 });
});

test('an hour that the other day lacks is a gap of that day', async () => {
  const store = storeOf([], []);
  const now = at('2026-03-20T00:00:00Z');
  const day = await insightsOf(store, ANGELES, '2026-03-12', now, '2026-03-08');
  // On 8 March the clocks go from 2 to 3.
  expect(day.hours_week_before[2]).toMatchObject({ hour: 2, start: '2026-03-08T10:00:00.000Z' });
  expect(day.hours_week_before[3]).toMatchObject({ hour: 3, start: '2026-03-08T10:00:00.000Z' });
});

test('who is inside now is of today only', async () => {
  const occupancy = { people: 3.6, until_s: at('2026-01-28T19:55:00Z') / 1000 };
  const unit = { device_id: 'JBNB0001', name: null, interval_s: 300, occupancy, runs: [] };
  const placed = { device_id: unit.device_id, stretches: [] };
  const store = { ...storeOf([], [placed]), signs: async () => [unit] };
  const now = at('2026-01-28T20:00:00Z');
  const today = await insightsOf(store, ANGELES, 'today', now);
  expect(today.now_inside).toEqual({ people: 4, at: '2026-01-28T19:55:00.000Z' });
  expect((await insightsOf(store, ANGELES, 'yesterday', now)).now_inside).toBeNull();
  const gone = { ...store, units: async () => [] };
  expect((await insightsOf(gone, ANGELES, 'today', now)).now_inside).toBeNull();
});
