/**
 * Bringing sums into Supabase: takes rollups that changed, pushes them, and remembers how far it
 * got. A run settles what changed before it began; what changes meanwhile is the next one's. A lost
 * answer, a retry or two runs at once cost work, never truth: the push merges by key, and the other
 * side keeps the greater revision. Knows no HTTP, no SQL.
 */
import type { CronReport } from '../../shared/contracts/portal.ts';
import type { Rollup, RollupStore } from './rollup.ts';
import type { StatusStore } from './status.ts';

/** Where sums go. Resolves only when the other side has stored every row. */
export interface FootTraffic {
  push(rollups: readonly Rollup[]): Promise<void>;
}

/** Shards of places, which push by themselves, too: this asks all of them to. */
export interface PlaceSync {
  /** @throws AppError `unavailable` when one could not; the others have */
  push(): Promise<CronReport>;
  /** How many buckets wait, and from before when none does, Unix seconds; null: not known. */
  lacking(): Promise<{ rows: number; synced_s: number | null }>;
}

export interface SyncPorts {
  rollups: RollupStore;
  footTraffic: FootTraffic;
  places: PlaceSync;
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

/**
 * A run over all places where sums are: shards, and what the database has of earlier times, which
 * may wait, too.
 * @throws the first failure, when the others have had their turn
 */
export async function syncAll(ports: SyncPorts, nowMs: number): Promise<CronReport> {
  const all = await Promise.allSettled([
    syncRollups(ports.rollups, ports.footTraffic, nowMs),
    ports.places.push(),
  ]);
  const reports = all.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  return addReports(reports);
}

export function addReports(reports: readonly CronReport[]): CronReport {
  const sum = (name: keyof CronReport) => reports.reduce((all, one) => all + one[name], 0);
  return {
    rollups_computed: sum('rollups_computed'),
    rows_synced: sum('rows_synced'),
    rows_left: sum('rows_left'),
  };
}

/** From before when Supabase has everything, Unix seconds; null when that is not known. */
export async function syncedS(ports: {
  status: Pick<StatusStore, 'syncedS'>;
  places: PlaceSync;
}): Promise<number | null> {
  const [own, places] = await Promise.all([ports.status.syncedS(), ports.places.lacking()]);
  return own === null || places.synced_s === null ? null : Math.min(own, places.synced_s);
}
