/**
 * Sums from before the cut-over that no shard of places has taken over yet. What is added to a day
 * brings it there; the job brings the rest, some in each run, so that the old table can go. Knows
 * no SQL and no shard.
 */
import type { LocationDay } from './place-push.ts';

/** Steps of one run; each is a location's next two months at most. */
const STEPS_MAX = 20;

/** Days of one location that come next. */
export interface SumStep {
  location_id: string;
  days: LocationDay[];
  /** Where its next step begins, Unix seconds; null when this is its last. */
  next_s: number | null;
}

export interface SumMoves {
  /** null: nothing is left. */
  next(): Promise<SumStep | null>;
  /** Its shard has these. */
  moved(step: SumStep): Promise<void>;
}

/**
 * @param adopt lets the location's shard take days over; those it has it leaves alone
 * @returns how many days were brought
 * @throws the first failure; the next run goes on there
 */
export async function moveSums(
  moves: SumMoves,
  adopt: (days: readonly LocationDay[]) => Promise<void>,
): Promise<number> {
  let count = 0;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const next = await moves.next();
    if (next === null) break;
    if (next.days.length > 0) await adopt(next.days);
    await moves.moved(next);
    count += next.days.length;
  }
  return count;
}
