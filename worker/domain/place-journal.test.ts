/** Rows of a place shard's journal: what was handed over comes back, also from several rows. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUCKET_S, COUNT_FIELDS, EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { packDelta } from './packed-delta.ts';
import { addEntries, type BucketSums, bucketOf } from './place-codec.ts';
import type { PlaceDelta, PlaceSum } from './place-delta.ts';
import { readCheckpoint, readDelta, writeCheckpoint, writeDelta } from './place-journal.ts';
import { MemoryPlaceJournal } from './testing/memory-place-journal.ts';

function sumOf(location_id: string, bucket: number, readings: number): PlaceSum {
  const own = { location_id, bucket_start_s: bucket * BUCKET_S, readings };
  return { ...EMPTY_COUNTS, ...own, visits: null, visits_known: 0 };
}

/** Readings by place and bucket, from rows. */
function readingsIn(rows: readonly Uint8Array[], words: MemoryPlaceJournal) {
  const found = new Map<string, number>();
  for (const bytes of rows) {
    readDelta(bytes).forEach((location, from, to) => {
      const sums: BucketSums = new Map();
      addEntries(bytes.subarray(from, to), sums);
      for (const [bucket, counts] of sums) {
        const name = `${words.wordOf(location)} ${bucket}`;
        found.set(name, (found.get(name) ?? 0) + bucketOf(bucket, counts).readings);
      }
    });
  }
  return found;
}

function readingsOf(sums: readonly PlaceSum[]) {
  const found = new Map<string, number>();
  for (const { location_id, bucket_start_s, readings } of sums) {
    const name = `${location_id} ${bucket_start_s / BUCKET_S}`;
    found.set(name, (found.get(name) ?? 0) + readings);
  }
  return found;
}

const sum = fc
  .tuple(fc.constantFrom('bakery', 'books', 'café', '七'), fc.nat(9_000_000), fc.nat(40))
  .map(([place, bucket, readings]) => sumOf(place, bucket, readings + 1));
const delta = fc.record({
  source: fc.constantFrom('units-0-2047', 'u', 'ü'.repeat(90)),
  epoch: fc.integer({ min: 1, max: 2 ** 40 }),
  settled: fc.nat(),
  sums: fc.array(sum, { maxLength: 12 }),
});

describe('a hand-over', () => {
  test('comes back as it went in', () => {
    fc.assert(
      fc.property(delta, fc.integer({ min: 0, max: 2 ** 33 }), (given, nowS) => {
        const words = new MemoryPlaceJournal();
        const rows = writeDelta(packDelta(given), nowS, words);
        expect(rows).toHaveLength(1);
        const { at_s, source, epoch, settled } = readDelta(rows[0] as Uint8Array);
        expect({ at_s, source, epoch, settled }).toEqual({
          ...{ at_s: nowS, source: given.source },
          ...{ epoch: given.epoch, settled: given.settled },
        });
        expect(readingsIn(rows, words)).toEqual(readingsOf(given.sums));
      }),
    );
  });

  test('without sums is a row nevertheless: its epoch has to be remembered', () => {
    const given: PlaceDelta = { source: 'units', epoch: 4, settled: 3, sums: [] };
    const rows = writeDelta(packDelta(given), 9, new MemoryPlaceJournal());
    expect(rows).toHaveLength(1);
    const { epoch, settled, forEach } = readDelta(rows[0] as Uint8Array);
    expect([epoch, settled]).toEqual([4, 3]);
    forEach(() => expect.unreachable('nothing was handed over'));
  });

  test('names each location once, with its entries side by side', () => {
    const sums = ['bakery', 'books', 'bakery'].map((place, i) => sumOf(place, i, 1));
    const words = new MemoryPlaceJournal();
    const [bytes = new Uint8Array()] = writeDelta(
      packDelta({ source: 'units', epoch: 1, settled: 0, sums }),
      0,
      words,
    );
    const places: string[] = [];
    readDelta(bytes).forEach((location) => void places.push(words.wordOf(location)));
    expect(places).toEqual(['bakery', 'books']);
  });

  test('that is very large becomes several rows of a megabyte, each with its epoch', () => {
    const words = new MemoryPlaceJournal();
    const large = Object.fromEntries(COUNT_FIELDS.map((name) => [name, 2 ** 45]));
    const sums = Array.from({ length: 30_000 }, (_, i) => {
      return { ...sumOf(`place-${i % 30}`, 6_000_000 + i, 1), ...large, readings: 1 + (i % 7) };
    });
    const rows = writeDelta(packDelta({ source: 'units', epoch: 8, settled: 7, sums }), 5, words);
    expect(rows.length).toBeGreaterThan(1);
    for (const bytes of rows) {
      expect(bytes.length).toBeLessThan(1_000_100);
      const { at_s, source, epoch, settled } = readDelta(bytes);
      expect([at_s, source, epoch, settled]).toEqual([5, 'units', 8, 7]);
    }
    expect(readingsIn(rows, words)).toEqual(readingsOf(sums));
  });

  test('that is cut off anywhere is no row, not one with nothing in the place of counts', () => {
    const sums = [sumOf('bakery', 3, 1), sumOf('books', 4, 300)];
    const given = { source: 'units', epoch: 300, settled: 299, sums };
    const words = new MemoryPlaceJournal();
    const [whole = new Uint8Array()] = writeDelta(packDelta(given), 1_795_000_000, words);
    const ends: number[] = [];
    const { forEach } = readDelta(whole);
    forEach((_location, _from, to) => ends.push(to));
    // Behind the head, and behind each location, there is nothing that says more is to come.
    const head = writeDelta(packDelta({ ...given, sums: [] }), 1_795_000_000, words)[0]?.length;
    for (let length = 0; length < whole.length; length += 1) {
      if (length === head || ends.includes(length)) continue;
      const read = () => readDelta(whole.subarray(0, length)).forEach(() => {});
      expect(read, `${length} of ${whole.length} bytes`).toThrow(RangeError);
    }
  });
});

describe('a checkpoint', () => {
  test('comes back as it went in', () => {
    const locations = fc.array(fc.integer({ min: 1, max: 2 ** 32 }), { maxLength: 9 });
    fc.assert(
      fc.property(fc.nat(), locations, (up_to_row, all) => {
        const read = readCheckpoint(writeCheckpoint(up_to_row, all));
        expect(read).toEqual({ up_to_row, locations: all });
      }),
    );
  });

  test('that is cut off is none', () => {
    const bytes = writeCheckpoint(300, [300]);
    expect(() => readCheckpoint(bytes.subarray(0, 3))).toThrow(RangeError);
    expect(() => readCheckpoint(new Uint8Array())).toThrow(RangeError);
  });
});
