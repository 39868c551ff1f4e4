/** GET and PUT /api/v1/locations/{id}/small-counts: what others may see of few people. */
import * as v from 'valibot';

/** One person is the smallest number there is: a limit of one would leave nothing out. */
export const SMALLEST_MIN = 2;
/** The largest limit that makes sense: an hour of a small shop would have nothing left. */
export const SMALLEST_MAX = 50;
const range = `from ${SMALLEST_MIN} to ${SMALLEST_MAX}`;
const words = `must be a whole number ${range}, or null for no limit`;

const Smallest = v.nullable(
  v.pipe(
    v.number(words),
    v.integer(words),
    v.minValue(SMALLEST_MIN, words),
    v.maxValue(SMALLEST_MAX, words),
  ),
);

export const SmallCounts = v.object({
  /** Counts of people below, in five minutes, are left out of Supabase; null: none are. */
  smallest_shown: Smallest,
});
export type SmallCounts = v.InferOutput<typeof SmallCounts>;

/**
 * PUT. `seen`: the limit when it was changed; where it is no longer that, 409. Without it the last
 * writer wins.
 */
export const SmallCountsRequest = v.object({
  smallest_shown: Smallest,
  seen: v.optional(Smallest),
});
export type SmallCountsRequest = v.InferOutput<typeof SmallCountsRequest>;
