/**
 * Bringing sums into Supabase: takes rollups that changed, pushes them, and remembers how far it
 * got. A run settles what changed before it began; what changes meanwhile is the next one's. A lost
 * answer, a retry or two runs at once cost work, never truth: the push merges by key, and the other
 * side keeps the greater revision. Knows no HTTP, no SQL.
 */
import type { CronReport } from '../../shared/contracts/portal.ts';
import type { Rollup, RollupStore } from './rollup.ts';

/** Where sums go. Resolves only when the other side has stored every row. */
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
 * One run. Ends when nothing is left or at its bound; the next one then goes on there.
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
