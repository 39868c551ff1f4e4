/** The usual week over weeks of every kind; the store is a list, everything else is real. */
import { expect, test } from 'vitest';
import { EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { addDays, dayBounds, localHours } from '../../shared/metrics/time-zone.ts';
import type { Bucket } from './insights.ts';
import { storeOf } from './testing/insights-store.ts';
import { typicalWeekOf } from './typical-week.ts';

const BERLIN = { id: 'b', name: 'B', time_zone: 'Europe/Berlin' };
const WEDNESDAY = '2026-06-10T10:30:00Z';

/** The buckets of an hour that begins at a moment, with one visit each unless said otherwise. */
function hour(iso: string, visits: number | null = 1, count = 12): Bucket[] {
  const start = Date.parse(iso) / 1000;
  const step = 3600 / count;
  return Array.from({ length: count }, (_, i) => {
    return { ...EMPTY_COUNTS, bucket_start_s: start + i * step, readings: 1, visits };
  });
}

async function weekOf(buckets: Bucket[], now = WEDNESDAY, place = BERLIN) {
  const sorted = buckets.sort((a, b) => a.bucket_start_s - b.bucket_start_s);
  const week = await typicalWeekOf(storeOf(sorted, []), place, Date.parse(now));
  const cell = (weekday: number, h: number) => week.cells[(weekday - 1) * 24 + h];
  return { week, cell };
}

test('the mean of the same hour in four weeks, by the shop’s clock', async () => {
  const { week, cell } = await weekOf([
    ...hour('2026-05-12T08:00:00Z', 1),
    ...hour('2026-05-26T08:00:00Z', 2),
    ...hour('2026-06-02T08:00:00Z', 3),
    ...hour('2026-06-09T08:00:00Z', 5),
  ]);
  expect([week.monday, week.since, week.weeks]).toEqual(['2026-06-08', '2026-05-11', 3]);
  expect(week.cells).toHaveLength(168);
  expect(cell(2, 10)).toEqual({ weekday: 2, hour: 10, usual: 24, of: 3, visits: 60 });
  expect(cell(3, 10)).toMatchObject({ usual: null, of: 0, visits: null });
  expect(week.so_far).toEqual({ visitors: 60, usual: 24 });
});

test('an hour that is half missing, or still running, is a gap', async () => {
  const { cell } = await weekOf([
    ...hour('2026-06-02T08:00:00Z', 3),
    ...hour('2026-06-09T08:00:00Z', 3).slice(0, 5),
    ...hour('2026-06-10T10:00:00Z', 3).slice(0, 6),
    ...hour('2026-06-03T10:00:00Z', 3),
  ]);
  expect(cell(2, 10)).toMatchObject({ usual: 36, visits: null });
  expect(cell(3, 12)).toMatchObject({ usual: 36, visits: null });
});

test('a unit that reports every half hour is as good', async () => {
  const { cell } = await weekOf([
    ...hour('2026-06-02T08:00:00Z', 4, 2),
    ...hour('2026-06-09T08:00:00Z', 5, 2),
  ]);
  expect(cell(2, 10)).toMatchObject({ usual: 8, visits: 10 });
});

test('on the first day nothing is usual yet', async () => {
  const { week, cell } = await weekOf(hour('2026-06-10T08:00:00Z'));
  expect([week.weeks, week.so_far]).toEqual([0, null]);
  expect(cell(3, 10)).toMatchObject({ usual: null, visits: 12 });
  expect((await weekOf([])).week.cells.every((c) => c.usual === null)).toBe(true);
});

test('hours whose readings cannot tell are gaps too', async () => {
  const { cell } = await weekOf([
    ...hour('2026-06-02T08:00:00Z', null),
    ...hour('2026-06-09T08:00:00Z', null),
  ]);
  expect(cell(2, 10)).toMatchObject({ usual: null, of: 0, visits: null });
});

test.each([
  ['comes twice in Berlin', 'Europe/Berlin', ['2026-10-25T00:00:00Z', '2026-10-25T01:00:00Z'], 2],
  [
    'comes twice in Los Angeles',
    'America/Los_Angeles',
    ['2026-11-01T08:00:00Z', '2026-11-01T09:00:00Z'],
    1,
  ],
  ['is half an hour longer on Lord Howe', 'Australia/Lord_Howe', ['2026-10-24T15:00:00Z'], 2],
])('an hour that %s is one cell', async (_name, time_zone, starts, h) => {
  const buckets = starts.flatMap((start, i) => hour(start, i + 1));
  const place = { ...BERLIN, time_zone };
  const { cell } = await weekOf(buckets, '2026-11-04T12:00:00Z', place);
  const all = buckets.reduce((sum, bucket) => sum + (bucket.visits ?? 0), 0);
  expect(cell(7, h)).toMatchObject({ of: starts.length, usual: all / starts.length });
});

/** Sundays on which clocks change, and what the usual Sunday then says of the hours around. */
test.each([
  ['Europe/Berlin', '2026-03-29', 2, 3],
  ['Europe/Berlin', '2026-10-25', 2, 5],
  ['America/New_York', '2026-03-08', 2, 3],
  ['America/New_York', '2026-11-01', 1, 5],
  // half an hour of it is left, or comes again: half an hour says nothing of a whole one
  ['Australia/Lord_Howe', '2026-10-04', 2, 3],
  ['Australia/Lord_Howe', '2026-04-05', 1, 4],
])(
  '%s, %s: hour %i is the mean of %i, and an hour as any other',
  async (time_zone, sunday, h, of) => {
    const sundays = [0, -7, -14, -21].map((days) => addDays(sunday, days));
    const buckets = sundays.flatMap((day) =>
      localHours(day, time_zone).flatMap(({ startMs, endMs }) =>
        hour(new Date(startMs).toISOString()).filter((b) => b.bucket_start_s * 1000 < endMs),
      ),
    );
    const now = new Date(dayBounds(addDays(sunday, 3), time_zone).startMs).toISOString();
    const { cell } = await weekOf(buckets, now, { ...BERLIN, time_zone });
    expect(cell(7, 5)).toMatchObject({ usual: 12, of: 4 });
    expect(cell(7, h)).toMatchObject({ of, usual: 12 });
  },
);
