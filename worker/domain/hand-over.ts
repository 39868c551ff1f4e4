/**
 * What a shard of units owes the shards of places: sums since the last cut, and those of every
 * epoch that is not known as applied. All of it follows from the journal's rows: a cut is an entry,
 * so that an epoch has the same sums however often it is worked out again. Pure.
 */
import type { BucketCounts } from '../../shared/metrics/bucket.ts';
import { COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import { type PlaceDelta, type PlaceSum, PlaceSums } from './place-delta.ts';
import type { WordList } from './reading-codec.ts';
import type { ByteReader, ByteWriter } from './varint.ts';

export class HandOver {
  #sums = new PlaceSums();
  /** By epoch, rising: not known as applied. */
  readonly #open = new Map<number, { sums: PlaceSums; row: number }>();
  #epoch = 0;
  #settled = 0;
  #settledRow = 1;

  /** Whether sums wait for a cut. */
  get isDue(): boolean {
    return this.#sums.size > 0;
  }

  /** Whether a closed epoch is not known as applied. */
  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  /** The journal's first row that is needed to work this out again. */
  get firstRow(): number {
    return this.#settledRow;
  }

  get nextEpoch(): number {
    return this.#epoch + 1;
  }

  add(locationId: string, bucketStartS: number, counts: BucketCounts): void {
    this.#sums.add(locationId, bucketStartS, counts);
  }

  addSum(sum: PlaceSum): void {
    this.#sums.addSum(sum);
  }

  /** What was added since the last cut is this epoch's, and a row has an entry that says so. */
  cut(epoch: number, row: number): void {
    this.#epoch = epoch;
    this.#open.set(epoch, { sums: this.#sums, row });
    this.#sums = new PlaceSums();
  }

  /** Every place knows everything up to this epoch. */
  settle(epoch: number): void {
    for (const [open, { row }] of this.#open) {
      if (open > epoch) continue;
      this.#settledRow = row;
      this.#open.delete(open);
    }
    this.#settled = Math.max(this.#settled, epoch);
  }

  /** What is to be sent, and may have arrived already; oldest epoch first. */
  deltas(source: string): PlaceDelta[] {
    return [...this.#open].map(([epoch, { sums }]) => {
      return { source, epoch, settled: this.#settled, sums: sums.list() };
    });
  }
}

/** Appends a correction of sums. */
export function writeSum(out: ByteWriter, sum: PlaceSum, words: WordList): void {
  out.uint(words.numberOf(sum.location_id));
  out.uint(sum.bucket_start_s);
  out.int(sum.visits_known);
  out.byte(sum.visits === null ? 0 : 1);
  if (sum.visits !== null) out.int(sum.visits);
  for (const name of COUNT_FIELDS) out.int(sum[name]);
}

/** The next of what {@link writeSum} wrote. */
export function readSum(source: ByteReader, words: WordList): PlaceSum {
  const location_id = words.wordOf(source.uint());
  const bucket_start_s = source.uint();
  const visits_known = source.int();
  const visits = source.byte() === 0 ? null : source.int();
  const sum = { location_id, bucket_start_s, visits_known, visits } as PlaceSum;
  for (const name of COUNT_FIELDS) sum[name] = source.int();
  return sum;
}
