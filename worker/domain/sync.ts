/**
 * Bringing sums into Supabase: takes rollups that changed, pushes them, and remembers how far it
 * got. A run settles what changed before it began; what changes meanwhile is the next one's. A lost
 * answer, a retry or two runs at once cost work, never truth: the push merges by key, and the other
 * side keeps the greater revision. Knows no HTTP, no SQL.
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

/** How far a run has come: everything up to this key has been pushed. */
export interface SyncCursor {
  location_id: string;
  bucket_start_s: number;
}

/** A run that has begun: which changes it settles, and where it goes on. */
export interface SyncRun {
  target: number;
  cursor: SyncCursor;
}

export interface RollupStore {
  /** Begins a run, or takes up one that did not get through. */
  begin(nowMs: number): Promise<SyncRun>;
  /** Up to `limit` changed rollups behind the cursor, by location and time. */
  dirty(after: SyncCursor, limit: number): Promise<Rollup[]>;
  /** Remembers that everything up to the cursor has arrived. */
  advance(run: SyncRun, cursor: SyncCursor): Promise<void>;
  /** The run is through: nothing that changed before it began waits any more. */
  finish(run: SyncRun): Promise<void>;
  countDirty(): Promise<number>;
}

/** Where sums go. Resolves only when every row is stored there. */
export interface FootTraffic {
  push(rollups: readonly Rollup[]): Promise<void>;
}

/** Rows in one push: 2.4 MB of JSON, which the other side takes in parts. */
export const PUSH_ROWS = 6000;
/**
 * Pushes in one run. 5,000 locations make 5,000 rows in five minutes; twelve times that is taken
 * away, so that a day without Supabase is made up for in little over two hours.
 */
export const PUSHES_MAX = 10;

/**
 * One run. Ends when nothing is left or its bound is reached; the next one then goes on there.
 * @throws AppError `unavailable` from the push; the next run goes on with the rows that failed
 */
export async function syncRollups(
  store: RollupStore,
  target: FootTraffic,
  nowMs: number,
): Promise<CronReport> {
  const run = await store.begin(nowMs);
  let { cursor } = run;
  let synced = 0;
  for (let push = 0; push < PUSHES_MAX; push += 1) {
    const rollups = await store.dirty(cursor, PUSH_ROWS);
    const last = rollups.at(-1);
    if (last) await target.push(rollups);
    synced += rollups.length;
    if (!last || rollups.length < PUSH_ROWS) {
      await store.finish(run);
      break;
    }
    cursor = { location_id: last.location_id, bucket_start_s: last.bucket_start_s };
    await store.advance(run, cursor);
  }
  return { rollups_computed: synced, rows_synced: synced, rows_left: await store.countDirty() };
}
