/** GET and PUT /api/v1/locations/{id}/small-counts: what others may see of few people. */
import * as v from 'valibot';

/** The largest limit that makes sense: an hour of a small shop would have nothing left. */
const SMALLEST_MAX = 50;
const words = `must be a whole number from 2 to ${SMALLEST_MAX}, or null for no limit`;

export const SmallCounts = v.object({
  /** Counts of people below, in five minutes, are left out of Supabase; null: none are. */
  smallest_shown: v.nullable(
    v.pipe(
      v.number(words),
      v.integer(words),
      v.minValue(2, words),
      v.maxValue(SMALLEST_MAX, words),
    ),
  ),
});
export type SmallCounts = v.InferOutput<typeof SmallCounts>;
