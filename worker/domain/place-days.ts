/**
 * Checkpoints of a shard of places: the sums of one location and day (UTC) in a row, and which days
 * have sums elsewhere that belong to them. Knows neither journal rows nor the push.
 */
import { BUCKET_S } from '../../shared/metrics/bucket.ts';
import { addCountsTo, type BucketSums, packBuckets, unpackBuckets } from './place-codec.ts';
import type { PlaceJournal } from './place-journal.ts';
import { ByteWriter } from './varint.ts';

export const DAY_BUCKETS = 86_400 / BUCKET_S;
export const dayOfBucket = (bucket: number) => Math.floor(bucket / DAY_BUCKETS);

export class PlaceDays {
  readonly #journal: PlaceJournal;
  readonly #adoptUntilDay: number;
  readonly #scratch = new ByteWriter();
  /** Last bucket in each location's checkpoints, as far as somebody asked; −1 for none. */
  readonly #last: (number | undefined)[] = [];
  /** Days up to the last one to adopt that have a checkpoint, as far as somebody asked. */
  readonly #there = new Set<string>();

  /** @param adoptUntilDay last day of which sums may lie elsewhere; −1 where none do */
  constructor(journal: PlaceJournal, adoptUntilDay: number) {
    this.#journal = journal;
    this.#adoptUntilDay = adoptUntilDay;
  }

  /** Whether the day's earlier sums have to be adopted before it may have a checkpoint. */
  isMissing(location: number | undefined, day: number): boolean {
    if (day > this.#adoptUntilDay || location === undefined) return day <= this.#adoptUntilDay;
    const name = `${location} ${day}`;
    if (this.#there.has(name)) return false;
    if ([...this.#journal.days(location, day, day + 1)].length === 0) return true;
    this.#there.add(name);
    return false;
  }

  /** Of days from one to the other (`toDay` excluded), those that {@link isMissing} says. */
  missing(location: number | undefined, fromDay: number, toDay: number): number[] {
    const endDay = Math.min(toDay, this.#adoptUntilDay + 1);
    const there = new Set<number>();
    if (location !== undefined && endDay > fromDay) {
      for (const { day } of this.#journal.days(location, fromDay, endDay)) there.add(day);
    }
    const days: number[] = [];
    for (let day = fromDay; day < endDay; day += 1) if (!there.has(day)) days.push(day);
    return days;
  }

  /** Adds what checkpoints have of buckets from one to the other; `to` excluded. */
  addTo(sums: BucketSums, location: number, from: number, to: number): void {
    if (from > this.#lastOf(location)) return;
    const days = this.#journal.days(location, dayOfBucket(from), dayOfBucket(to - 1) + 1);
    for (const { bytes } of days) unpackBuckets(bytes, sums);
  }

  /** Adds sums of any days to their checkpoints; to be called within a transaction. */
  fold(location: number, sums: BucketSums): void {
    const last = this.#lastOf(location);
    for (const [day, own] of Map.groupBy(sums, ([bucket]) => dayOfBucket(bucket))) {
      const whole: BucketSums = new Map();
      for (const { bytes } of this.#journal.days(location, day, day + 1)) {
        unpackBuckets(bytes, whole);
      }
      for (const [bucket, counts] of own) addCountsTo(whole, bucket, counts);
      this.put(location, day, whole);
    }
    this.#last[location] = Math.max(last, ...sums.keys());
  }

  /** Writes a day's checkpoint, one without a bucket, too. */
  put(location: number, day: number, sums: BucketSums): void {
    packBuckets(this.#scratch, sums);
    this.#journal.putDay(location, day, this.#scratch.take());
    this.#last[location] = undefined;
  }

  /** After the journal has forgotten the location. */
  forget(location: number): void {
    this.#last[location] = undefined;
    for (const name of this.#there) if (name.startsWith(`${location} `)) this.#there.delete(name);
  }

  #lastOf(location: number): number {
    const known = this.#last[location];
    if (known !== undefined) return known;
    const newest = this.#journal.newestDay(location);
    const sums: BucketSums = new Map();
    if (newest) unpackBuckets(newest.bytes, sums);
    // A day without a bucket says nothing of those before it.
    const last = Math.max(newest ? newest.day * DAY_BUCKETS : -1, ...sums.keys());
    this.#last[location] = last;
    return last;
  }
}
