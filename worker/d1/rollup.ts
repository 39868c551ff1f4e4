/**
 * The sync's memory in D1: which rollups had changed since they last reached Supabase when shards
 * took over. Changes bear the stamp of an epoch (docs/decisions/0009-rows-per-reading.md).
 */
import { COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import type { Rollup, RollupStore, SyncRun } from '../domain/rollup.ts';

const DAY_S = 86_400;
/**
 * A change of an older bucket goes into late_days. A unit keeps 96 readings, eight
 * hours of them, so that what it catches up on after an outage is recent.
 */
export const RECENT_S = 36_000;
/** How far apart the clocks of two isolates may be for the sync to look in the right hours. */
const CLOCKS_S = 3600;

/** Where changes can be since the last run that got through: recent hours, and late days. */
const CHANGED = `WITH at AS MATERIALIZED (
    SELECT synced, target, cursor_location_id, cursor_bucket_s,
      synced_s - ${RECENT_S + CLOCKS_S} AS recent_s FROM sync_state WHERE only = 1
  ), spans (location_id, from_s, to_s) AS (
    SELECT l.id, at.recent_s, 9e15 FROM at, locations AS l
    UNION ALL
    SELECT d.location_id, d.day_s, MIN(d.day_s + ${DAY_S}, at.recent_s)
    FROM at, late_days AS d WHERE d.day_s < at.recent_s
  )`;
const ROWS = `FROM at CROSS JOIN spans AS s CROSS JOIN rollups AS r
  ON r.location_id = s.location_id
  AND r.bucket_start_s >= s.from_s AND r.bucket_start_s < s.to_s
  WHERE r.epoch > at.synced`;

const SYNCED = '(SELECT synced FROM sync_state WHERE only = 1)';
const RECENT = `(SELECT synced_s - ${RECENT_S + CLOCKS_S} FROM sync_state WHERE only = 1)`;
const rows = (place: string) => `${place} AS location_id, r.bucket_start_s, r.revision, r.visits,
  ${COUNT_FIELDS.map((name) => `r.${name}`).join(', ')}`;
/** Steps into the cursor's place and goes on from there, so that a page costs what it holds. */
const behindCursor = (place: string) => `${place} >= ?1
  AND (${place} > ?1 OR r.bucket_start_s > ?2) AND r.epoch > ${SYNCED}`;

/**
 * A page behind the cursor, ?3 rows: both parts come in the key's order and are merged, nothing is
 * sorted but one location's rows. Otherwise each page of a day's backlog would read all of it.
 */
export const DIRTY_SQL = `SELECT ${rows('l.id')}
  FROM locations AS l CROSS JOIN rollups AS r
    ON r.location_id = l.id AND r.bucket_start_s >= ${RECENT}
  WHERE ${behindCursor('l.id')}
  UNION ALL
  SELECT ${rows('d.location_id')}
  FROM late_days AS d CROSS JOIN rollups AS r ON r.location_id = d.location_id
    AND r.bucket_start_s >= d.day_s AND r.bucket_start_s < MIN(d.day_s + ${DAY_S}, ${RECENT})
  WHERE d.day_s < ${RECENT} AND ${behindCursor('d.location_id')}
  ORDER BY location_id, bucket_start_s LIMIT ?3`;

/** What an unfinished run has pushed does not wait, unless it changed again since that began. */
const WAITING_SQL = `${CHANGED}
  SELECT COUNT(*) AS n ${ROWS} AND (at.target IS NULL OR r.epoch > at.target
    OR (r.location_id, r.bucket_start_s) > (at.cursor_location_id, at.cursor_bucket_s))`;

interface State {
  target: number;
  cursor_location_id: string;
  cursor_bucket_s: number;
}

export function d1RollupStore(db: D1Database): RollupStore {
  return {
    async begin(nowMs) {
      const fresh = `UPDATE sync_state SET target = epoch, target_s = ?1, epoch = epoch + 1
        WHERE only = 1 AND target IS NULL`;
      const state = `SELECT target, cursor_location_id, cursor_bucket_s FROM sync_state
        WHERE only = 1`;
      const results = await db.batch<State>([
        db.prepare(fresh).bind(Math.floor(nowMs / 1000)),
        db.prepare(state),
      ]);
      return runOf(results[1]?.results[0]);
    },
    async dirty({ location_id, bucket_start_s }, limit) {
      const found = db.prepare(DIRTY_SQL).bind(location_id, bucket_start_s, limit);
      return (await found.all<Rollup>()).results;
    },
    async advance({ target }, { location_id, bucket_start_s }) {
      const sql = `UPDATE sync_state SET cursor_location_id = ?2, cursor_bucket_s = ?3
        WHERE only = 1 AND target = ?1`;
      await db.prepare(sql).bind(target, location_id, bucket_start_s).run();
    },
    async finish({ target }) {
      const settle = `UPDATE sync_state SET synced = target, synced_s = target_s, target = NULL,
          target_s = NULL, cursor_location_id = '', cursor_bucket_s = 0
        WHERE only = 1 AND target = ?1`;
      const forget = 'DELETE FROM late_days WHERE epoch <= ?1 AND changes() > 0';
      await db.batch([db.prepare(settle).bind(target), db.prepare(forget).bind(target)]);
    },
    async countDirty() {
      return (await db.prepare(WAITING_SQL).first<number>('n')) ?? 0;
    },
  };
}

function runOf(state: State | undefined): SyncRun {
  const { target = 0, cursor_location_id = '', cursor_bucket_s = 0 } = state ?? {};
  return { target, cursor: { location_id: cursor_location_id, bucket_start_s: cursor_bucket_s } };
}
