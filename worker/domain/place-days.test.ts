/** Checkpoints of days: what is folded adds up, and days that lie elsewhere are asked for first. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { addCountsTo, type BucketSums, bucketOf, countsOf } from './place-codec.ts';
import { DAY_BUCKETS, dayOfBucket, PlaceDays } from './place-days.ts';
import { MemoryPlaceJournal } from './testing/memory-place-journal.ts';

const FIRST_DAY = 20_780;
const FIRST = FIRST_DAY * DAY_BUCKETS;
const countsWith = (readings: number) =>
  countsOf({ ...EMPTY_COUNTS, readings, visits: null, visits_known: 0 });
const sumsOf = (all: readonly (readonly [bucket: number, readings: number])[]): BucketSums => {
  const sums: BucketSums = new Map();
  for (const [bucket, readings] of all) addCountsTo(sums, bucket, countsWith(readings));
  return sums;
};

/** Readings by bucket, as checkpoints have them. */
function kept(days: PlaceDays, location: number, from: number, to: number) {
  const sums: BucketSums = new Map();
  days.addTo(sums, location, from, to);
  const all = [...sums].map(([b, counts]) => [b, bucketOf(b, counts).readings] as const);
  return new Map(all.filter(([bucket]) => bucket >= from && bucket < to));
}

test('buckets and days meet at midnight', () => {
  const around = [FIRST - 1, FIRST, FIRST + DAY_BUCKETS - 1, FIRST + DAY_BUCKETS];
  expect(around.map(dayOfBucket)).toEqual([FIRST_DAY - 1, FIRST_DAY, FIRST_DAY, FIRST_DAY + 1]);
  expect([DAY_BUCKETS, dayOfBucket(0), dayOfBucket(-1)]).toEqual([288, 0, -1]);
});

const bucketReadings = fc.tuple(fc.integer({ min: FIRST, max: FIRST + 900 }), fc.nat(9));
const fold = fc.record({
  location: fc.constantFrom(1, 2),
  own: fc.array(bucketReadings, { minLength: 1, maxLength: 6 }),
  isNew: fc.boolean(),
});

test('what is folded in any parts adds up, for whoever reads any stretch', () => {
  const asked = fc.record({ from: fc.integer({ min: -5, max: 1000 }), length: fc.nat(700) });
  fc.assert(
    fc.property(fc.array(fold, { maxLength: 8 }), fc.array(asked), (folds, questions) => {
      const journal = new MemoryPlaceJournal();
      let days = new PlaceDays(journal, -1);
      const model = new Map<number, (readonly [number, number])[]>();
      for (const { location, own, isNew } of folds) {
        // One that is opened anew knows what the one before knew.
        if (isNew) days = new PlaceDays(journal, -1);
        journal.atomically(() => days.fold(location, sumsOf(own)));
        model.set(location, [...(model.get(location) ?? []), ...own]);
        for (const at of [1, 2]) {
          for (const { from, length } of [...questions, { from: 0, length: 901 }]) {
            const [first, to] = [FIRST + from, FIRST + from + length + 1];
            const wanted = (model.get(at) ?? []).filter(([b]) => b >= first && b < to);
            const readings = new Map<number, number>();
            for (const [b, n] of wanted) readings.set(b, (readings.get(b) ?? 0) + n);
            expect(kept(days, at, first, to)).toEqual(readings);
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});

describe('how far checkpoints reach', () => {
  test('is known anew after a day is put, also when it ends earlier', () => {
    const days = new PlaceDays(new MemoryPlaceJournal(), -1);
    days.fold(1, sumsOf([[FIRST + 600, 1]]));
    days.put(1, FIRST_DAY, sumsOf([[FIRST + 3, 2]]));
    expect(kept(days, 1, FIRST + 600, FIRST + 601)).toEqual(new Map([[FIRST + 600, 1]]));
    days.put(1, FIRST_DAY + 2, sumsOf([[FIRST + 700, 5]]));
    expect(kept(days, 1, FIRST + 601, FIRST + 800)).toEqual(new Map([[FIRST + 700, 5]]));
  });

  test('a newest day without a bucket hides none before it', () => {
    const journal = new MemoryPlaceJournal();
    const before = new PlaceDays(journal, -1);
    before.put(1, FIRST_DAY, sumsOf([[FIRST + 287, 4]]));
    before.put(1, FIRST_DAY + 1, new Map());
    const days = new PlaceDays(journal, -1);
    expect(kept(days, 1, FIRST + 287, FIRST + 288)).toEqual(new Map([[FIRST + 287, 4]]));
    expect(kept(days, 1, FIRST, FIRST + 600)).toEqual(new Map([[FIRST + 287, 4]]));
  });

  test('who is behind the last bucket looks into no checkpoint', () => {
    const journal = new MemoryPlaceJournal();
    const days = new PlaceDays(journal, -1);
    days.fold(1, sumsOf([[FIRST + 10, 1]]));
    journal.days = () => expect.unreachable('there is nothing to read');
    expect(kept(days, 1, FIRST + 11, FIRST + 12).size).toBe(0);
    expect(kept(days, 2, FIRST, FIRST + 12).size).toBe(0);
  });
});

describe('days to adopt', () => {
  const UNTIL = FIRST_DAY + 2;
  const table = [
    ['a day that has sums elsewhere', 1, FIRST_DAY, true],
    ['the last of them', 1, UNTIL, true],
    ['the one after', 1, UNTIL + 1, false],
    ['one that has its checkpoint', 1, FIRST_DAY + 1, false],
    ['the same day of another place', 2, FIRST_DAY + 1, true],
    ['one of a place never heard of', undefined, FIRST_DAY + 1, true],
    ['a later one of such a place', undefined, UNTIL + 1, false],
  ] as const;
  test.each(table)('%s', (_, location, day, isMissing) => {
    const days = new PlaceDays(new MemoryPlaceJournal(), UNTIL);
    days.put(1, FIRST_DAY + 1, new Map());
    for (const _again of [1, 2]) expect(days.isMissing(location, day)).toBe(isMissing);
    expect(days.missing(location, day, day + 1)).toEqual(isMissing ? [day] : []);
  });

  test.each([
    ['all of them', 1, FIRST_DAY - 1, UNTIL + 9, [FIRST_DAY - 1, FIRST_DAY, UNTIL]],
    ['one, its end is not in it', 1, FIRST_DAY, FIRST_DAY + 2, [FIRST_DAY]],
    ['none of an empty stretch', 1, FIRST_DAY, FIRST_DAY, []],
    ['none of a stretch that ends before it begins', 1, UNTIL, FIRST_DAY, []],
    ['none behind the last', 1, UNTIL + 1, UNTIL + 5, []],
    ['every one of a place never heard of', undefined, UNTIL - 1, UNTIL + 5, [UNTIL - 1, UNTIL]],
  ])('%s', (_, location, from, to, expected) => {
    const days = new PlaceDays(new MemoryPlaceJournal(), UNTIL);
    days.put(1, FIRST_DAY + 1, sumsOf([[FIRST + 300, 1]]));
    expect(days.missing(location, from, to)).toEqual(expected);
  });

  test('where nothing lies elsewhere none is missing', () => {
    const days = new PlaceDays(new MemoryPlaceJournal(), -1);
    expect(days.isMissing(undefined, 0)).toBe(false);
    expect(days.missing(1, 0, 10)).toEqual([]);
  });

  test('a day that is put is there at once, by any way', () => {
    const days = new PlaceDays(new MemoryPlaceJournal(), UNTIL);
    expect(days.isMissing(1, UNTIL)).toBe(true);
    days.put(1, UNTIL, new Map());
    expect([days.isMissing(1, UNTIL), days.isMissing(1, UNTIL - 1)]).toEqual([false, true]);
    days.fold(1, sumsOf([[FIRST, 1]]));
    expect(days.isMissing(1, FIRST_DAY)).toBe(false);
  });
});
