/**
 * Days and weeks over changes of the clocks in zones where they change by an hour, by half an hour
 * and at midnight: every bucket is in one hour of one day, and a week says of a day what the day
 * itself says.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { addDays, dayBounds } from '../../shared/metrics/time-zone.ts';
import { type Bucket, insightsOf } from './insights.ts';
import { storeOf, theUnit } from './testing/insights-store.ts';
import { weekOf } from './week.ts';

/** The day on which they change, its hours, and the local hours around the change. */
const CHANGES = [
  ['Europe/Berlin', '2026-03-29', 23, [1, 3]],
  ['Europe/Berlin', '2026-10-25', 25, [1, 2, 2, 3]],
  ['America/New_York', '2026-03-08', 23, [1, 3]],
  ['America/New_York', '2026-11-01', 25, [0, 1, 1, 2]],
  ['America/Los_Angeles', '2026-03-08', 23, [1, 3]],
  ['America/Los_Angeles', '2026-11-01', 25, [0, 1, 1, 2]],
  // By half an hour: 02:00 is 02:30, and 02:00 is 01:30 again.
  ['Australia/Lord_Howe', '2026-10-04', 23.5, [1, 2, 3]],
  ['Australia/Lord_Howe', '2026-04-05', 24.5, [0, 1, 1, 2]],
  // At midnight: the day begins at one, or its last hour comes twice.
  ['America/Santiago', '2026-09-06', 23, [1, 2]],
  ['America/Santiago', '2026-04-04', 25, [22, 23, 23]],
  ['Asia/Kolkata', '2026-06-10', 24, [0, 1]],
] as const;

function world(zone: string, day: string, quiet: readonly (readonly [number, number])[]) {
  const [from, to] = [addDays(day, -16), addDays(day, 4)];
  const startS = dayBounds(from, zone).startMs / 1000;
  const endS = dayBounds(to, zone).startMs / 1000;
  const buckets: Bucket[] = [];
  for (let s = startS, n = 0; s < endS; s += 300, n += 1) {
    if (quiet.some(([first, steps]) => n >= first && n < first + steps)) continue;
    const visits = n % 3 === 0 ? null : n % 7;
    buckets.push({ ...EMPTY_COUNTS, bucket_start_s: s, readings: 1, impressions: 1, visits });
  }
  const location = { id: 'b', name: 'B', time_zone: zone };
  return { location, buckets, store: storeOf(buckets, [theUnit(buckets)]), endS };
}

/** How many buckets, and visits of those that could tell. */
function within(buckets: readonly Bucket[], zone: string, day: string) {
  const { startMs, endMs } = dayBounds(day, zone);
  const own = buckets.filter((b) => {
    return b.bucket_start_s * 1000 >= startMs && b.bucket_start_s * 1000 < endMs;
  });
  const known = own.map((b) => b.visits).filter((n) => n !== null);
  return { impressions: own.length, visits: known.reduce((sum, n) => sum + n, 0) };
}

describe.each(CHANGES)('%s on %s', (zone, day, hours, around) => {
  test('each bucket is in one hour, and hours follow each other', async () => {
    const { location, buckets, store, endS } = world(zone, day, []);
    const found = await insightsOf(store, location, day, endS * 1000);
    const inHours = found.hours.map((h) => h.impressions ?? 0);
    expect(inHours.reduce((sum, n) => sum + n, 0)).toBe(hours * 12);
    expect(found.visitors).toBe(within(buckets, zone, day).visits);
    const starts = found.hours.map((h) => Date.parse(h.start));
    for (const [i, start] of starts.entries()) {
      const end = starts[i + 1] ?? dayBounds(day, zone).endMs;
      expect(end - start).toBe((inHours[i] ?? 0) * 300_000);
    }
    expect(found.hours.map((h) => h.hour).join()).toContain(around.join());
    expect(found.hours_week_before.map((h) => h.hour)).toEqual(found.hours.map((h) => h.hour));
  });

  test('is complete from its end on, and not a second before', async () => {
    const { location, store } = world(zone, day, []);
    const { endMs } = dayBounds(day, zone);
    for (const [nowMs, isOver] of [
      [endMs - 1000, false],
      [endMs, true],
    ] as const) {
      const found = await insightsOf(store, location, day, nowMs);
      expect([found.is_complete, found.known_until]).toEqual([
        ...[isOver, new Date(nowMs).toISOString()],
      ]);
    }
  });

  const silences = fc.array(fc.tuple(fc.nat(20 * 288), fc.nat(200)), { maxLength: 4 });
  test('a week says of its days what each says of itself', async () => {
    await fc.assert(
      fc.asyncProperty(silences, fc.integer({ min: 0, max: 3 }), async (quiet, after) => {
        const { location, buckets, store, endS } = world(zone, day, quiet);
        const week = await weekOf(store, location, addDays(day, after), endS * 1000);
        expect(week.days.map((one) => one.day)).toContain(day);
        let all = 0;
        for (const one of week.days) {
          const alone = await insightsOf(store, location, one.day, endS * 1000);
          const { visits, impressions } = within(buckets, zone, one.day);
          all += visits;
          expect([one.visits ?? 0, one.impressions ?? 0]).toEqual([visits, impressions]);
          expect([one.visits, one.known_until]).toEqual([alone.visitors, alone.known_until]);
          if (impressions > 0) expect(one.comparison).toEqual(alone.comparison);
        }
        expect(week.visitors ?? 0).toBe(all);
        const most = Math.max(...week.days.map((one) => one.visits ?? 0));
        expect(week.days.find((one) => (one.visits ?? 0) === most)?.day).toBe(week.busiest_day);
      }),
      { numRuns: 4 },
    );
  });
});
