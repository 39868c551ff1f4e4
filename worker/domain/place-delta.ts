/**
 * Sums on their way from a shard of units to the shards of places. A shard of units numbers what it
 * hands over; a shard of places applies each number of each source once, in whatever order and
 * however often it comes. Pure.
 */
import { type BucketCounts, COUNT_FIELDS, EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { addKnown } from '../../shared/metrics/visits.ts';

/** What is to be added to one location's bucket; negative where readings were taken out. */
export interface PlaceSum extends BucketCounts {
  location_id: string;
  bucket_start_s: number;
  /** How many readings of it could tell visits: `visits` is unknown when none is left. */
  visits_known: number;
}

export interface PlaceDelta {
  /** Name of the shard of units. */
  source: string;
  /** From 1 on, rising with each hand-over of the source; not each concerns every place. */
  epoch: number;
  /** Up to this epoch the source knows everything as applied and never sends it again. */
  settled: number;
  sums: readonly PlaceSum[];
}

/** Sums by location and bucket, which add up. */
export class PlaceSums {
  readonly #sums = new Map<string, PlaceSum>();

  get size(): number {
    return this.#sums.size;
  }

  /** @param sign 1 where the counts come in, -1 where they go out */
  add(locationId: string, bucketStartS: number, counts: BucketCounts, sign: 1 | -1 = 1): void {
    const sum = this.#of(locationId, bucketStartS);
    for (const name of COUNT_FIELDS) sum[name] += sign * counts[name];
    if (counts.visits === null) return;
    // None taken out is 0, not -0.
    sum.visits = (sum.visits ?? 0) + sign * counts.visits;
    sum.visits_known += sign;
  }

  addSum(sum: PlaceSum): void {
    const own = this.#of(sum.location_id, sum.bucket_start_s);
    for (const name of COUNT_FIELDS) own[name] += sum[name];
    own.visits = addKnown(own.visits, sum.visits);
    own.visits_known += sum.visits_known;
  }

  /** In the order in which each was first added to. */
  list(): PlaceSum[] {
    return Array.from(this.#sums.values(), (sum) => ({ ...sum }));
  }

  #of(location_id: string, bucket_start_s: number): PlaceSum {
    const key = `${bucket_start_s} ${location_id}`;
    const known = this.#sums.get(key);
    if (known) return known;
    const sum = { ...EMPTY_COUNTS, location_id, bucket_start_s, visits_known: 0 };
    this.#sums.set(key, sum);
    return sum;
  }
}
