/** Sums on their way: what comes in and goes out again leaves nothing, whatever the order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BucketCounts, COUNT_FIELDS, EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { bucketOf, countsOf } from './place-codec.ts';
import { PlaceSums } from './place-delta.ts';

const counts = fc.tuple(fc.option(fc.nat(20)), fc.nat(9)).map(([visits, n]): BucketCounts => {
  const own = Object.fromEntries(COUNT_FIELDS.map((name, i) => [name, n * i]));
  return { ...EMPTY_COUNTS, ...own, readings: 1, visits };
});
const reading = fc.record({ place: fc.constantFrom('bakery', 'books'), at: fc.nat(2), counts });

/** As a page would show it: by place and bucket. */
function shown(sums: PlaceSums) {
  const all = sums.list().map((sum) => {
    const bucket = bucketOf(sum.bucket_start_s / 300, countsOf(sum));
    return [`${sum.location_id} ${sum.bucket_start_s}`, bucket] as const;
  });
  return new Map(all.filter(([, bucket]) => bucket.readings > 0));
}

test('readings that are taken out again were never there', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(reading, fc.boolean()), { maxLength: 20 }), (all) => {
      const [sums, left] = [new PlaceSums(), new PlaceSums()];
      for (const [one, stays] of all) {
        // What goes out may be told before what came in.
        if (!stays) sums.add(one.place, one.at * 300, one.counts, -1);
        sums.add(one.place, one.at * 300, one.counts);
        if (stays) left.add(one.place, one.at * 300, one.counts);
      }
      expect(shown(sums)).toEqual(shown(left));
    }),
  );
});

test('in parts or at once: the sums of sums are the sums', () => {
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 20 }), fc.nat(20), (all, at) => {
      const whole = new PlaceSums();
      const parts = [new PlaceSums(), new PlaceSums()] as const;
      for (const [i, one] of all.entries()) {
        whole.add(one.place, one.at * 300, one.counts);
        parts[i < at ? 0 : 1].add(one.place, one.at * 300, one.counts);
      }
      const together = new PlaceSums();
      for (const part of parts) for (const sum of part.list()) together.addSum(sum);
      expect(together.list()).toEqual(whole.list());
      expect(together.size).toBe(new Set(all.map((one) => `${one.place} ${one.at}`)).size);
    }),
  );
});

test.each([
  ['could not tell', null, null, { visits: null, visits_known: 0 }],
  ['one of two could', null, 3, { visits: 3, visits_known: 1 }],
  ['both could', 0, 3, { visits: 3, visits_known: 2 }],
])('visits of two readings: %s', (_, a, b, expected) => {
  const sums = new PlaceSums();
  for (const visits of [a, b]) sums.add('bakery', 300, { ...EMPTY_COUNTS, readings: 1, visits });
  expect(sums.list()).toMatchObject([{ ...expected, readings: 2, bucket_start_s: 300 }]);
});

test('places whose names end in numbers are not mistaken for buckets', () => {
  const sums = new PlaceSums();
  sums.add('0 a', 300, EMPTY_COUNTS);
  sums.add('a', 300, EMPTY_COUNTS);
  sums.add('300 a', 0, EMPTY_COUNTS);
  expect(sums.list().map((one) => [one.location_id, one.bucket_start_s])).toEqual([
    ['0 a', 300],
    ['a', 300],
    ['300 a', 0],
  ]);
});

test('what is taken out is below nothing, and what could not tell still cannot', () => {
  const sums = new PlaceSums();
  sums.add('bakery', 0, { ...EMPTY_COUNTS, readings: 1, impressions: 5, visits: null }, -1);
  sums.add('books', 0, { ...EMPTY_COUNTS, readings: 1, visits: 2 }, -1);
  expect(sums.list()).toMatchObject([
    { readings: -1, impressions: -5, visits: null, visits_known: 0 },
    { readings: -1, impressions: 0, visits: -2, visits_known: -1 },
  ]);
});
