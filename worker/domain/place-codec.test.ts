/** Sums of places as bytes: whatever the counts are they come back, in little room. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUCKET_S, COUNT_FIELDS, EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import {
  addCountsTo,
  addEntries,
  type BucketSums,
  bucketOf,
  countsOf,
  packBuckets,
  unpackBuckets,
  writeEntry,
} from './place-codec.ts';
import type { PlaceSum } from './place-delta.ts';
import { ByteWriter } from './varint.ts';

const NAMES = [...COUNT_FIELDS, 'visits', 'visits_known'] as const;
const NOTHING: PlaceSum = {
  ...{ ...EMPTY_COUNTS, location_id: 'bakery', bucket_start_s: 0, visits: 0, visits_known: 0 },
};
const sumOf = (own: Partial<PlaceSum>, bucket = 0): PlaceSum => {
  return { ...NOTHING, ...own, bucket_start_s: bucket * BUCKET_S };
};

const count = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  fc.integer({ min: -300, max: 300 }),
  fc.constantFrom(127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 51, -(2 ** 51), -1),
);
const sum = fc
  .tuple(fc.nat(12_000_000), fc.array(count, { minLength: 15, maxLength: 15 }))
  .map(([bucket, all]) => {
    return sumOf(Object.fromEntries(NAMES.map((name, i) => [name, all[i] ?? 0])), bucket);
  });

function written(all: readonly PlaceSum[]): Uint8Array {
  const out = new ByteWriter();
  for (const one of all) writeEntry(out, one);
  return out.take();
}

function packed(sums: BucketSums): Uint8Array {
  const out = new ByteWriter();
  packBuckets(out, sums);
  return out.take();
}

/** Added up by hand, name by name. */
function together(all: readonly PlaceSum[]): BucketSums {
  const sums: BucketSums = new Map();
  for (const one of all) {
    const bucket = one.bucket_start_s / BUCKET_S;
    const before = sums.get(bucket) ?? countsOf(NOTHING);
    const own = countsOf(one);
    sums.set(
      bucket,
      before.map((n, i) => n + Number(own[i])),
    );
  }
  return sums;
}

describe('bytes', () => {
  test('entries in any order come back as their sums', () => {
    fc.assert(
      fc.property(fc.array(sum, { maxLength: 8 }), (all) => {
        const sums: BucketSums = new Map();
        addEntries(written(all), sums);
        expect(sums).toEqual(together(all));
      }),
    );
  });

  test('buckets come back in order, and add to what is there', () => {
    fc.assert(
      fc.property(
        fc.array(sum, { maxLength: 8 }),
        fc.array(sum, { maxLength: 3 }),
        (all, there) => {
          const sums = together(there);
          unpackBuckets(packed(together(all)), sums);
          expect(sums).toEqual(together([...there, ...all]));
          const alone: BucketSums = new Map();
          unpackBuckets(packed(together(all)), alone);
          expect([...alone.keys()]).toEqual([...alone.keys()].sort((a, b) => a - b));
        },
      ),
    );
  });

  test('the order in which buckets came in leaves no trace', () => {
    fc.assert(
      fc.property(fc.array(sum, { maxLength: 8 }), (all) => {
        expect(packed(together(all))).toEqual(packed(together([...all].reverse())));
      }),
    );
  });

  // What is stored already has these bytes: bucket, mask of what is nothing, counts.
  test.each([
    ['all nothing', sumOf({}, 5), [5, 0xff, 0xff, 0x01]],
    ['one reading', sumOf({ readings: 1 }, 5), [5, 0xff, 0x7f, 1]],
    ['a long stay', sumOf({ dwell_10plus: 300 }, 1), [1, 0xfe, 0xff, 0x01, 0xac, 0x02]],
    ['one taken out', sumOf({ readings: -1 }, 5), [5, 0xff, 0xff, 0x02, 1]],
    ['of two signs', sumOf({ impressions: 3, readings: -2 }, 0), [0, 0xff, 0xbf, 0x02, 6, 3]],
    ['visits and readings', sumOf({ visits: 7, readings: 1 }, 0), [0, 0xff, 0x77, 7, 1]],
  ])('%s', (_, one, bytes) => {
    expect([...written([one])]).toEqual(bytes);
  });

  test('a day of busy buckets takes twenty bytes each, one of quiet ones eight', () => {
    const day = (own: Partial<PlaceSum>) => Array.from({ length: 288 }, (_, i) => sumOf(own, i));
    const ones = Object.fromEntries(NAMES.map((name) => [name, 9]));
    expect(packed(together(day(ones))).length / 288).toBeLessThanOrEqual(20);
    const quiet = { readings: 1, visits_known: 1, impressions: 4, device_minutes: 2 };
    expect(packed(together(day(quiet))).length / 288).toBeLessThanOrEqual(8);
  });

  test.each([
    ['a mask of more than all counts', [0, 0x80, 0x80, 0x04]],
    ['a bucket without a mask', [7]],
    ['a count that is cut off', [0, 0xff, 0xff, 0x00, 0x80]],
    ['fewer counts than the mask says', [0, 0xfe, 0xbf, 0x01, 1]],
  ])('%s is no entry', (_, bytes) => {
    expect(() => addEntries(Uint8Array.from(bytes), new Map())).toThrow(RangeError);
    expect(() => unpackBuckets(Uint8Array.from(bytes), new Map())).toThrow(RangeError);
  });

  test('no bytes are no buckets', () => {
    expect(packed(new Map())).toHaveLength(0);
    const sums: BucketSums = new Map();
    unpackBuckets(new Uint8Array(), sums);
    addEntries(new Uint8Array(), sums);
    expect(sums.size).toBe(0);
  });
});

describe('a bucket as pages have it', () => {
  test.each([
    ['nobody could tell', { visits: null, visits_known: 0 }, null],
    ['somebody could tell that nobody came', { visits: 0, visits_known: 1 }, 0],
    ['somebody came', { visits: 4, visits_known: 1 }, 4],
    // As sums from before `visits_known` have it.
    ['visits without a reading that could tell', { visits: 4, visits_known: 0 }, 4],
    ['the one who could tell was taken out', { visits: 0, visits_known: 0 }, null],
    ['a correction before what it corrects', { visits: -4, visits_known: -1 }, null],
    ['a correction of visits alone', { visits: -4, visits_known: 1 }, 0],
  ])('%s', (_, own, visits) => {
    expect(bucketOf(3, countsOf(sumOf(own))).visits).toBe(visits);
  });

  test('shows each count under its own name, and none below nothing', () => {
    const named = Object.fromEntries(COUNT_FIELDS.map((name, i) => [name, (i - 3) * 10]));
    const { visits, bucket_start_s, ...shown } = bucketOf(4, countsOf(sumOf(named)));
    expect(shown).toEqual(
      Object.fromEntries(COUNT_FIELDS.map((name, i) => [name, Math.max(0, (i - 3) * 10)])),
    );
    expect([visits, bucket_start_s]).toEqual([null, 1200]);
  });

  test('a first bucket is a copy: what is added later is not in what was given', () => {
    const sums: BucketSums = new Map();
    const given = countsOf(sumOf({ readings: 1 }));
    addCountsTo(sums, 2, given);
    addCountsTo(sums, 2, given);
    expect(given).toEqual(countsOf(sumOf({ readings: 1 })));
    expect(sums.get(2)).toEqual(countsOf(sumOf({ readings: 2 })));
  });
});
