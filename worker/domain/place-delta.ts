/**
 * Sums on their way from a shard of units to the shards of places. A shard of units numbers what it
 * hands over; a shard of places applies each number of each source once, in whatever order and
 * however often it comes. Pure.
 */
import {
  addCounts,
  type BucketCounts,
  COUNT_FIELDS,
  EMPTY_COUNTS,
} from '../../shared/metrics/bucket.ts';

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
    const known = counts.visits === null ? 0 : sign;
    this.addSum({
      ...signed(counts, sign),
      location_id: locationId,
      bucket_start_s: bucketStartS,
      visits_known: known,
    });
  }

  addSum(sum: PlaceSum): void {
    const key = `${sum.bucket_start_s} ${sum.location_id}`;
    const before = this.#sums.get(key);
    const visits_known = (before?.visits_known ?? 0) + sum.visits_known;
    const counts = addCounts(before ?? EMPTY_COUNTS, sum);
    const { location_id, bucket_start_s } = sum;
    this.#sums.set(key, { ...counts, location_id, bucket_start_s, visits_known });
  }

  /** In the order in which each was first added to. */
  list(): PlaceSum[] {
    return [...this.#sums.values()];
  }
}

function signed(counts: BucketCounts, sign: 1 | -1): BucketCounts {
  // None taken out is 0, not -0.
  const visits = counts.visits === null ? null : sign * counts.visits + 0;
  const own = { visits } as BucketCounts;
  for (const name of COUNT_FIELDS) own[name] = sign * counts[name] + 0;
  return own;
}
