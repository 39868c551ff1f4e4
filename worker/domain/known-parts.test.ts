/** What of a day is known, piece by piece: each border is at the second. */
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../shared/contracts/insights.ts';
import { EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { localHours } from '../../shared/metrics/time-zone.ts';
import type { Bucket, PlacedUnit, Stretch } from './insights.ts';
import {
  addComparisons,
  clip,
  compare,
  isComplete,
  type KnownDay,
  knownUntil,
  missingParts,
} from './known.ts';

const DAY = '2026-06-10';
const T = Date.parse(`${DAY}T00:00:00Z`) / 1000;
const END = T + 86_400;
const ID = 'JBNB0001';

const bucket = (atS: number, visits: number | null = 1): Bucket => ({
  ...{ ...EMPTY_COUNTS, bucket_start_s: T + atS, readings: 1, visits },
});
const stretch = (fromS: number, toS: number, device_id = ID): Stretch => ({
  ...{ device_id, from_s: T + fromS, to_s: T + toS },
});
const dayOf = (stretches: Stretch[], buckets: Bucket[] = [], day = DAY): KnownDay => ({
  ...{ hours: localHours(day, 'UTC'), stretches, buckets },
});
const unit = (more: Partial<PlacedUnit> = {}): PlacedUnit => ({
  ...{ device_id: ID, name: null, interval_s: 300, stays: true },
  ...{ newest_s: null, counted_until_s: null, ...more },
});
const clock = (iso: string | null) => (iso === null ? null : Date.parse(iso) / 1000 - T);

describe('the part of stretches within a time', () => {
  test.each([
    ['inside', 100, 200, [[100, 200]]],
    ['over its begin', -50, 100, [[0, 100]]],
    ['over its end', 500, 700, [[500, 600]]],
    ['over all of it', -50, 700, [[0, 600]]],
    ['up to its begin', -50, 0, []],
    ['from its end on', 600, 700, []],
    ['its last second', 599, 700, [[599, 600]]],
    ['exactly it', 0, 600, [[0, 600]]],
  ])('%s', (_, from, to, expected) => {
    const given = stretch(from, to);
    const found = clip([given], T, T + 600).map((s) => [s.from_s - T, s.to_s - T]);
    expect(found).toEqual(expected);
    expect(given).toEqual(stretch(from, to));
  });
});

describe('up to when there are numbers', () => {
  test.each([
    ['nothing', dayOf([]), END, null],
    ['the last of any unit', dayOf([stretch(0, 900), stretch(0, 600, 'JBNB0002')]), END, 900],
    ['not beyond now', dayOf([stretch(0, 900)]), T + 700, 700],
    ['not beyond the day', dayOf([stretch(0, 90_000)]), END + 9999, 86_400],
    ['sums alone: the end of the last bucket', dayOf([], [bucket(0), bucket(3000)]), END, 3300],
    ['readings before sums', dayOf([stretch(0, 400)], [bucket(300)]), END, 400],
  ])('%s', (_, day, nowS, expected) => {
    const until = knownUntil(day, nowS);
    expect(until === null ? null : until - T).toBe(expected);
  });
});

describe('whether a day is complete', () => {
  // Three reports may be missing at its end: 900 s of a usual unit, three hours of a slow one.
  const slow = unit({ interval_s: 3600 });
  test.each([
    ['to its end', 86_400, [unit()], END, true],
    ['while it lasts', 86_400, [unit()], END - 1, false],
    ['to three reports before', 85_500, [unit()], END, true],
    ['to a second less', 85_499, [unit()], END, false],
    ['by slow units', 86_400 - 10_800, [slow], END, true],
    ['by slow units not quite', 86_400 - 10_801, [slow], END, false],
    [
      'by units of a minute: as if they were usual',
      85_500,
      [unit({ interval_s: 60, stays: false })],
      END,
      true,
    ],
    ['by units that left', 86_000, [], END, true],
  ])('known %s', (_, until, units, nowS, expected) => {
    expect(isComplete(dayOf([stretch(0, until)]), units, nowS)).toBe(expected);
  });

  test('it is not while one of its units is missing to the end', () => {
    const two = [unit(), unit({ device_id: 'JBNB0002' })];
    const both = dayOf([stretch(0, 86_400), stretch(0, 40_000, 'JBNB0002')]);
    expect(isComplete(both, two, END)).toBe(false);
    const back = dayOf([...both.stretches, stretch(80_000, 86_400, 'JBNB0002')]);
    expect(isComplete(back, two, END)).toBe(true);
  });

  test('a day without a number is not', () => {
    expect(isComplete(dayOf([]), [unit()], END + 99_999)).toBe(false);
  });
});

describe('parts that are missing', () => {
  const NOW = T + 50_000;
  test.each([
    ['none up to three reports', [stretch(0, 49_100)], unit(), []],
    ['one from a second more', [stretch(0, 49_099)], unit(), [[49_099, null]]],
    ['none of a unit that left', [stretch(0, 100)], unit({ stays: false }), []],
    [
      'a silence of one that left',
      [stretch(0, 100), stretch(900, 950)],
      unit({ stays: false }),
      [[100, 900]],
    ],
    [
      'silences and the end',
      [stretch(0, 100), stretch(900, 950)],
      unit(),
      [
        [100, 900],
        [950, null],
      ],
    ],
    ['not another unit’s', [stretch(0, 100, 'JBNB0002'), stretch(0, 49_900)], unit(), []],
    ['since long before', [], unit({ counted_until_s: T - 5000 }), [[-5000, null]]],
    ['not before a late one is late', [], unit({ counted_until_s: NOW - 900 }), []],
    ['by its own interval', [stretch(0, 40_000)], unit({ interval_s: 3600 }), []],
    ['never heard of, today', [], unit(), [[null, null]]],
  ])('%s', (_, stretches, one, expected) => {
    const found = missingParts(dayOf(stretches), [one], NOW);
    expect(found.map(({ from, to }) => [clock(from), clock(to)])).toEqual(expected);
  });

  test('of a day whose readings are gone nobody can tell', () => {
    expect(missingParts(dayOf([], [bucket(0)]), [unit()], NOW)).toEqual([]);
  });

  test('of a day gone by are up to its end, whenever one asks', () => {
    const day = dayOf([stretch(0, 86_000)]);
    expect(missingParts(day, [unit()], END + 99_999)).toEqual([]);
    expect(missingParts(day, [unit({ interval_s: 60 })], END + 99_999)).toHaveLength(1);
  });
});

describe('two days', () => {
  const BEFORE = '2026-06-03';
  const WEEK_S = 7 * 86_400;
  const weekBefore = (stretches: Stretch[], buckets: Bucket[]) =>
    dayOf(
      stretches.map((s) => ({ ...s, from_s: s.from_s - WEEK_S, to_s: s.to_s - WEEK_S })),
      buckets.map((b) => ({ ...b, bucket_start_s: b.bucket_start_s - WEEK_S })),
      BEFORE,
    );

  test('sums stand alone where one of the days has no readings any more', () => {
    const shown = dayOf([stretch(0, 900)], [bucket(0, 3), bucket(300, 4), bucket(600, 5)]);
    const found = compare(shown, weekBefore([], [bucket(0, 1), bucket(300, 1)]));
    expect(found).toEqual({
      until: new Date((T + 600) * 1000).toISOString(),
      ...{ has_gaps: false, visitors: 7, visitors_week_before: 2 },
    });
  });

  test.each([
    ['sums of both, unknown before', [bucket(0, 3)], [bucket(0, null)], null],
    ['sums of both, unknown now', [bucket(0, null)], [bucket(0, 3)], null],
    ['nobody on both', [bucket(0, 0)], [bucket(0, 0)], [0, 0]],
    ['no step in common', [bucket(0, 3)], [bucket(40_000, 3)], null],
    ['nothing before', [bucket(0, 3)], [], null],
    [
      'up to fifteen minutes go on',
      [bucket(0, 1), bucket(900, 2)],
      [bucket(0, 1), bucket(900, 4)],
      [3, 5],
    ],
  ])('%s', (_, now, before, expected) => {
    const found = compare(dayOf([], now), weekBefore([], before));
    expect(found && [found.visitors, found.visitors_week_before]).toEqual(expected);
  });

  test.each([
    ['first', 2],
    ['second', 3],
  ])('an hour that comes twice is known when both are: silent in its %s', (_, silentH) => {
    // Clocks go back at 01:00 UTC: 00:00 and 01:00 UTC are both two o'clock.
    const day = (name: string, stretches: (s: number) => Stretch[]): KnownDay => {
      const hours = localHours(name, 'Europe/Berlin');
      const startS = Number(hours[0]?.startMs) / 1000;
      const counts = { ...EMPTY_COUNTS, readings: 1, visits: 1 };
      const buckets = hours.map((h) => ({ ...counts, bucket_start_s: h.startMs / 1000 }));
      return { hours, buckets, stretches: stretches(startS) };
    };
    const part = (from_s: number, to_s: number) => ({ device_id: ID, from_s, to_s });
    const silentS = 3600 * silentH;
    const shown = day('2026-10-25', (s) => [
      part(s, s + silentS),
      part(s + silentS + 3600, s + 25 * 3600),
    ]);
    const before = day('2026-10-18', (s) => [part(s, s + 86_400)]);
    expect(compare(shown, before)).toMatchObject({
      ...{ has_gaps: true, visitors: 23, visitors_week_before: 23 },
    });
  });

  test('what is left out before the end is a gap, what lies behind it is not', () => {
    const whole = [0, 300, 600, 5000 * 3].map((s) => bucket(s));
    const before = weekBefore([stretch(0, 15_300)], whole);
    const until = (to: number) => compare(dayOf([stretch(0, to)], whole), before)?.has_gaps;
    expect(until(900)).toBe(false);
    const hole = dayOf([stretch(0, 300), stretch(600, 900)], whole);
    expect(compare(hole, before)).toMatchObject({ has_gaps: true, visitors: 2 });
  });
});

describe('several days', () => {
  const one = (n: number, has_gaps = false): Comparison => ({
    ...{ until: `2026-06-0${n}T00:00:00.000Z`, has_gaps },
    ...{ visitors: n, visitors_week_before: 10 * n },
  });
  test.each([
    ['none', [], null],
    ['none of them known', [null, null], null],
    ['one', [one(1)], one(1)],
    ['of two the later end', [one(1), one(2)], { ...one(3), until: one(2).until }],
    ['a day that is not known is a gap', [one(1), null], one(1, true)],
    [
      'a gap of one is one of all',
      [one(1, true), one(2)],
      { ...one(3, true), until: one(2).until },
    ],
  ])('%s', (_, all, expected) => {
    expect(addComparisons(all)).toEqual(expected);
  });
});
