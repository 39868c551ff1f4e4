/**
 * Sums of places as bytes, some 20 for a busy bucket and 8 for a quiet one: which of the counts are
 * nothing, and the others as short as they are. Pure; knows no storage.
 */
import { BUCKET_S, COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import type { Bucket } from './insights.ts';
import type { PlaceSum } from './place-delta.ts';
import { ByteReader, type ByteWriter } from './varint.ts';

/**
 * Their order is the mask's: append only. What is nothing most often stands first, so that the
 * mask of a busy bucket is one byte.
 */
const FIELDS = [
  ...(['dwell_10plus', 'rssi_immediate', 'dwell_5_10', 'dwell_1_5', 'ble_other'] as const),
  ...(['rssi_near', 'ble_apple', 'dwell_0_1', 'rssi_far', 'rssi_remote', 'visits'] as const),
  ...(['visits_known', 'device_minutes', 'impressions', 'readings'] as const),
] as const satisfies readonly (keyof PlaceSum)[];
const ALL_NOTHING = (1 << FIELDS.length) - 1;
/** Some of the counts are below nothing: all are written folded. */
const SIGNED = 1 << FIELDS.length;

/** A bucket's counts in the order of {@link FIELDS}. */
type Counts = number[];
/** Counts of one location by bucket: its start divided by 300 s. */
export type BucketSums = Map<number, Counts>;

export function countsOf(sum: Omit<PlaceSum, 'location_id' | 'bucket_start_s'>): Counts {
  return FIELDS.map((name) => sum[name] ?? 0);
}

/** What {@link countsOf} makes the same counts of. */
export function sumOf(location_id: string, bucket: number, counts: Counts): PlaceSum {
  const named = Object.fromEntries(FIELDS.map((name, i) => [name, counts[i] ?? 0]));
  return { ...named, location_id, bucket_start_s: bucket * BUCKET_S } as unknown as PlaceSum;
}

/** Adds to the counts of a bucket. */
export function addCountsTo(sums: BucketSums, bucket: number, counts: Counts): void {
  const known = sums.get(bucket);
  if (!known) sums.set(bucket, [...counts]);
  else for (const [i, count] of counts.entries()) known[i] = Number(known[i]) + count;
}

/**
 * Counts as pages and Supabase have them. Deltas may come in any order, a correction before what it
 * corrects: less than nothing is never shown. Visits are unknown when no reading could tell.
 */
export function bucketOf(bucket: number, counts: Counts): Bucket {
  const named = Object.fromEntries(
    FIELDS.map((name, i) => [name, Math.max(0, counts[i] ?? 0)]),
  ) as Record<(typeof FIELDS)[number], number>;
  const own = { bucket_start_s: bucket * BUCKET_S } as Bucket;
  own.visits = named.visits_known > 0 || named.visits > 0 ? named.visits : null;
  for (const name of COUNT_FIELDS) own[name] = named[name];
  return own;
}

function writeCounts(out: ByteWriter, counts: Counts): void {
  let mask = 0;
  for (const [bit, count] of counts.entries()) {
    if (count === 0) mask |= 1 << bit;
    else if (count < 0) mask |= SIGNED;
  }
  out.uint(mask);
  for (const count of counts) {
    if (count === 0) continue;
    if (mask & SIGNED) out.int(count);
    else out.uint(count);
  }
}

function readCounts(source: ByteReader): Counts {
  const mask = source.uint();
  if (mask > (SIGNED | ALL_NOTHING)) throw new RangeError(`no counts have the mask ${mask}`);
  const counts: Counts = [];
  for (let bit = 0; bit < FIELDS.length; bit += 1) {
    if (mask & (1 << bit)) counts.push(0);
    else counts.push(mask & SIGNED ? source.int() : source.uint());
  }
  return counts;
}

/** One entry of a list in any order, in which a bucket may stand several times. */
export function writeEntry(out: ByteWriter, sum: PlaceSum): void {
  out.uint(sum.bucket_start_s / BUCKET_S);
  writeCounts(out, countsOf(sum));
}

/** Buckets of entries that {@link writeEntry} wrote, and their counts added to `sums`. */
export function addEntries(bytes: Uint8Array, sums: BucketSums): void {
  const source = new ByteReader(bytes);
  while (!source.isAtEnd) addCountsTo(sums, source.uint(), readCounts(source));
}

/** Buckets of one location in order, each with its distance from the one before. */
export function packBuckets(out: ByteWriter, sums: BucketSums): void {
  let before = 0;
  for (const [bucket, counts] of [...sums].sort(([a], [b]) => a - b)) {
    out.uint(bucket - before);
    writeCounts(out, counts);
    before = bucket;
  }
}

/** Adds what {@link packBuckets} wrote to `sums`. */
export function unpackBuckets(bytes: Uint8Array, sums: BucketSums): void {
  const source = new ByteReader(bytes);
  let bucket = 0;
  while (!source.isAtEnd) {
    bucket += source.uint();
    addCountsTo(sums, bucket, readCounts(source));
  }
}
