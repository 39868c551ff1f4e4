/**
 * Five-minute buckets: what one reading adds to its location's bucket, and how such sums add up.
 * The Worker keeps the sums in SQL, the seed and the tests keep them with these functions; both
 * must agree. Every field is additive, so order never matters. Knows no database.
 */
import type { Reading } from '../contracts/reading.ts';
import { addKnown, visitsOf } from './visits.ts';
import { STAYS, type Stay, ZONES, type Zone } from './wire.ts';

/** Width of a bucket in seconds: the units' default report interval. */
export const BUCKET_S = 300;

/** The counts of a bucket that are never unknown, in the order of the tables. */
export const COUNT_FIELDS = [
  'readings',
  'impressions',
  'device_minutes',
  ...STAYS,
  ...ZONES,
  'ble_apple',
  'ble_other',
] as const;

/** Sums of one bucket. `visits` is null when no reading in it could tell. */
export type BucketCounts = Record<(typeof COUNT_FIELDS)[number], number> & {
  visits: number | null;
};

/** Start of the bucket that holds a moment; both Unix seconds. */
export function bucketStart(momentS: number): number {
  return Math.floor(momentS / BUCKET_S) * BUCKET_S;
}

/** What one reading adds to its bucket. */
export function contribution(reading: Reading): BucketCounts {
  const named = (name: Zone | Stay) => [name, reading[name] ?? 0] as const;
  return {
    ...(Object.fromEntries([...STAYS, ...ZONES].map(named)) as Record<Zone | Stay, number>),
    readings: 1,
    impressions: reading.i,
    device_minutes: reading.u,
    ble_apple: reading.ble_apple ?? 0,
    ble_other: reading.ble_other ?? 0,
    visits: visitsOf(reading),
  };
}

/** Both buckets' counts together. */
export function addCounts(a: BucketCounts, b: BucketCounts): BucketCounts {
  const summed = COUNT_FIELDS.map((name) => [name, a[name] + b[name]] as const);
  const counts = Object.fromEntries(summed) as Record<(typeof COUNT_FIELDS)[number], number>;
  return { ...counts, visits: addKnown(a.visits, b.visits) };
}

/** A bucket in which no reading arrived. */
export const EMPTY_COUNTS: BucketCounts = {
  ...(Object.fromEntries(COUNT_FIELDS.map((name) => [name, 0])) as Omit<BucketCounts, 'visits'>),
  visits: null,
};
