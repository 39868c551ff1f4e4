/** Silent units, part of a location missing, days that end early: numbers and their time. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { isoTime } from '../../shared/time.ts';
import { type Bucket, insightsOf } from './insights.ts';
import { type ListedUnit, storeOf } from './testing/insights-store.ts';

const HARBOUR = { id: 'h', name: 'H', time_zone: 'Europe/Berlin' };
const at = (day: string, clock: string) => Date.parse(`${day}T${clock}:00+01:00`) / 1000;
const iso = (s: number) => isoTime(s);
const TODAY = '2026-11-20';
const BEFORE = '2026-11-13';

/** A visit in every five minutes of a stretch of the day. */
function counted(day: string, from: string, to: string, visits = 1) {
  const [from_s, to_s] = [at(day, from), at(day, to)];
  const buckets: Bucket[] = Array.from({ length: (to_s - from_s) / 300 }, (_, i) => ({
    ...EMPTY_COUNTS,
    bucket_start_s: from_s + i * 300,
    readings: 1,
    visits,
  }));
  return { buckets, stretch: { from_s, to_s } };
}

/** Each unit's stretches, as `[day, from, to]`. */
function shop(units: Record<string, [string, string, string][]>) {
  const counts = Object.entries(units).map(([device_id, spans]) => {
    const parts = spans.map((span) => counted(...span));
    const unit: ListedUnit = { device_id, stretches: parts.map((p) => p.stretch) };
    return { unit, buckets: parts.flatMap((p) => p.buckets) };
  });
  const buckets = counts.flatMap((c) => c.buckets);
  buckets.sort((a, b) => a.bucket_start_s - b.bucket_start_s);
  const store = storeOf(
    buckets,
    counts.map((c) => c.unit),
  );
  return (day: string | undefined, nowClock: string, nowDay = TODAY) =>
    insightsOf(store, HARBOUR, day, at(nowDay, nowClock) * 1000);
}

test('one of two falls silent: its part is named, the comparison ends with it', async () => {
  const ask = shop({
    JBNB0001: [
      [BEFORE, '08:00', '18:00'],
      [TODAY, '08:00', '11:30'],
    ],
    JBNB0002: [
      [BEFORE, '08:00', '18:00'],
      [TODAY, '08:00', '10:50'],
    ],
  });
  const now = await ask(undefined, '11:33');
  expect(now.known_until).toBe(iso(at(TODAY, '11:30')));
  const part = { device_id: 'JBNB0002', name: null };
  expect(now.units.missing).toEqual([{ ...part, from: iso(at(TODAY, '10:50')), to: null }]);
  expect(now.comparison).toMatchObject({
    until: iso(at(TODAY, '10:50')),
    visitors: 68,
    visitors_week_before: 68,
    has_gaps: false,
  });
});

test('a silence in the middle is left out of both sides', async () => {
  const ask = shop({
    JBNB0001: [
      [BEFORE, '08:00', '18:00'],
      [TODAY, '08:00', '10:00'],
      [TODAY, '12:00', '14:00'],
    ],
  });
  const { comparison, units } = await ask(undefined, '14:01');
  expect(comparison).toMatchObject({ visitors: 48, visitors_week_before: 48, has_gaps: true });
  const [part] = units.missing;
  expect([part?.from, part?.to]).toEqual([iso(at(TODAY, '10:00')), iso(at(TODAY, '12:00'))]);
});

test('what the week before does not know is not compared either', async () => {
  const ask = shop({
    JBNB0001: [
      [BEFORE, '08:00', '12:00'],
      [TODAY, '08:00', '17:00'],
    ],
  });
  const { comparison } = await ask(undefined, '17:02');
  expect(comparison).toMatchObject({
    until: iso(at(TODAY, '12:00')),
    visitors: 48,
    visitors_week_before: 48,
  });
});

test('more units than a week ago are no more visitors', async () => {
  const ask = shop({
    JBNB0001: [
      [BEFORE, '08:00', '18:00'],
      [TODAY, '08:00', '18:00'],
    ],
    JBNB0002: [[TODAY, '08:00', '18:00']],
  });
  expect((await ask(undefined, '18:01')).comparison).toBeNull();
});

test('silent the whole day: since its last numbers, and not before it is late', async () => {
  const ask = shop({ JBNB0001: [['2026-11-19', '08:00', '23:55']] });
  expect((await ask(undefined, '00:05')).units.missing).toEqual([]);
  const late = await ask(undefined, '00:11');
  expect(late.units.missing).toMatchObject([{ from: iso(at('2026-11-19', '23:55')), to: null }]);
  expect(late.known_until).toBeNull();
});

test('a unit that never sent anything is missing today only', async () => {
  const ask = shop({ JBNB0001: [] });
  expect((await ask(undefined, '09:00')).units.missing).toMatchObject([{ from: null, to: null }]);
  expect((await ask('2026-11-10', '09:00')).units.missing).toEqual([]);
});

test('a day is complete when it is over and known to its end', async () => {
  const complete = async (until: string, clock: string, nowDay: string) => {
    const ask = shop({ JBNB0001: [[TODAY, '08:00', until]] });
    const { is_complete, known_until } = await ask(TODAY, clock, nowDay);
    return [is_complete, known_until?.slice(11, 16)];
  };
  expect(await complete('23:55', '23:58', TODAY)).toEqual([false, '22:55']);
  expect(await complete('23:55', '00:01', '2026-11-21')).toEqual([true, '22:55']);
  // Berlin is an hour ahead of UTC.
  expect(await complete('11:40', '09:00', '2026-11-21')).toEqual([false, '10:40']);
});

/** What a unit counted of the same trade, silent in some hours; `[first, last)` in five minutes. */
type Silences = readonly (readonly [number, number])[];
const OPEN = { from: 96, to: 216 };
const silences = fc.array(
  fc
    .tuple(fc.integer({ min: OPEN.from, max: OPEN.to }), fc.integer({ min: 4, max: 40 }))
    .map(([from, steps]) => [from, from + steps] as const),
  { maxLength: 3 },
);

function sameTrade(device_id: string, days: Record<string, Silences>) {
  const unit = { device_id, stretches: [] as { from_s: number; to_s: number }[] };
  const buckets: Bucket[] = [];
  for (const [day, quiet] of Object.entries(days)) {
    for (let step = OPEN.from; step < OPEN.to; step += 1) {
      if (quiet.some(([from, to]) => step >= from && step < to)) continue;
      const from_s = at(day, '00:00') + step * 300;
      const visits = ((step * 7) % 11) + Number(device_id.slice(-1));
      buckets.push({ ...EMPTY_COUNTS, bucket_start_s: from_s, readings: 1, visits });
      const last = unit.stretches.at(-1);
      if (last?.to_s === from_s) last.to_s += 300;
      else unit.stretches.push({ from_s, to_s: from_s + 300 });
    }
  }
  return { unit, buckets };
}

test('the same trade is as much as last week, whoever was silent when', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(silences, silences, silences, silences, async (a, b, c, d) => {
      const counts = [
        sameTrade('JBNB0001', { [BEFORE]: a, [TODAY]: b }),
        sameTrade('JBNB0002', { [BEFORE]: c, [TODAY]: d }),
      ];
      const buckets = summed(counts.flatMap((x) => x.buckets));
      const store = storeOf(
        buckets,
        counts.map((x) => x.unit),
      );
      const found = await insightsOf(store, HARBOUR, TODAY, at(TODAY, '18:01') * 1000);
      const { comparison } = found;
      if (!comparison) return;
      compared += 1;
      expect(comparison.visitors).toBe(comparison.visitors_week_before);
    }),
    { numRuns: 200 },
  );
  expect(compared).toBeGreaterThan(100);
});

/** One bucket a step, as sums have it. */
function summed(all: Bucket[]): Bucket[] {
  const bySlot = new Map<number, Bucket>();
  for (const bucket of all) {
    const there = bySlot.get(bucket.bucket_start_s);
    const visits = (there?.visits ?? 0) + (bucket.visits ?? 0);
    bySlot.set(bucket.bucket_start_s, { ...bucket, visits });
  }
  return [...bySlot.values()].sort((a, b) => a.bucket_start_s - b.bucket_start_s);
}

test('days whose readings are gone are known by their sums', async () => {
  const { buckets } = counted(BEFORE, '08:00', '18:00');
  const shown = counted(TODAY, '08:00', '12:00', 2).buckets;
  const store = storeOf([...buckets, ...shown], []);
  const found = await insightsOf(store, HARBOUR, TODAY, at('2027-03-01', '12:00') * 1000);
  expect(found.known_until).toBe(iso(at(TODAY, '12:00')));
  expect(found.comparison).toMatchObject({ visitors: 96, visitors_week_before: 48 });
});
