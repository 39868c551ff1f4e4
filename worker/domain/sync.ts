/**
 * Bringing sums into Supabase: takes rollups that changed, pushes them, and marks them only if they
 * are still what was pushed. A lost answer, a retry or two runs at once cost work, never truth:
 * the push merges by key, and the other side keeps the greater revision. Knows no HTTP, no SQL.
 */
import type { CronReport } from '../../shared/contracts/portal.ts';
import type { BucketCounts } from '../../shared/metrics/bucket.ts';

/** One location's bucket with its sums. */
export interface Rollup extends BucketCounts {
  location_id: string;
  bucket_start_s: number;
  /** Grows with every change; milliseconds of the last one unless changes come faster. */
  revision: number;
}

export interface RollupStore {
  /** Up to `limit` rollups whose newest revision has not been pushed yet, in a fixed order. */
  dirty(limit: number): Promise<Rollup[]>;
  /** Clears the marks of those that still have the pushed revision; says how many. */
  markPushed(rollups: readonly Rollup[]): Promise<number>;
  countDirty(): Promise<number>;
}

/** Where sums go. Resolves only when every row is stored there. */
export interface FootTraffic {
  push(rollups: readonly Rollup[]): Promise<void>;
}

/** Rows in one push: some 200 KB of JSON, well under a second. */
export const PUSH_ROWS = 500;
/** Pushes in one run: 5,000 rows in five minutes is what 5,000 locations produce. */
export const PUSHES_MAX = 10;

/**
 * One run. Ends early when nothing is left, or when a whole push was overtaken by new readings.
 * @throws AppError `unavailable` from the push; rows not marked are pushed again next time
 */
export async function syncRollups(store: RollupStore, target: FootTraffic): Promise<CronReport> {
  let found = 0;
  let synced = 0;
  for (let push = 0; push < PUSHES_MAX; push += 1) {
    const rollups = await store.dirty(PUSH_ROWS);
    if (rollups.length === 0) break;
    found += rollups.length;
    await target.push(rollups);
    const marked = await store.markPushed(rollups);
    synced += marked;
    if (marked === 0 || rollups.length < PUSH_ROWS) break;
  }
  return {
    rollups_computed: found,
    rows_synced: synced,
    rows_left: await store.countDirty(),
  };
}
