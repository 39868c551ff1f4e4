/** Rollups in D1: for insights by time, for the sync by what changed. */
import { COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import type { Bucket, InsightsStore, UnitActivity } from '../domain/insights.ts';
import type { Rollup, RollupStore } from '../domain/sync.ts';

const COUNTS = `visits, ${COUNT_FIELDS.join(', ')}`;

export function d1InsightsStore(db: D1Database): InsightsStore {
  return {
    async buckets(locationId, fromMs, toMs) {
      const sql = `SELECT bucket_start_s, ${COUNTS} FROM rollups
        WHERE location_id = ?1 AND bucket_start_s >= ?2 AND bucket_start_s < ?3
        ORDER BY bucket_start_s`;
      const bound = db.prepare(sql).bind(locationId, fromMs / 1000, toMs / 1000);
      return (await bound.all<Bucket>()).results;
    },
    async activity(locationId, fromMs, toMs) {
      // The newest period of each unit is one step in the readings' key.
      const sql = `SELECT COUNT(*) AS total, COUNT(newest_s) AS reporting,
          MAX(newest_s) AS newest_period_s
        FROM (SELECT (SELECT MAX(r.period_start_s) FROM readings AS r
            WHERE r.device_id = d.id AND r.period_start_s >= ?2 AND r.period_start_s < ?3
          ) AS newest_s
          FROM devices AS d WHERE d.location_id = ?1 AND d.status <> 'inactive')`;
      const bound = db.prepare(sql).bind(locationId, fromMs / 1000, toMs / 1000);
      const row = await bound.first<UnitActivity>();
      return row ?? { total: 0, reporting: 0, newest_period_s: null };
    },
  };
}

export function d1RollupStore(db: D1Database): RollupStore {
  // Written exactly as the partial index has it, or SQLite does not use the index.
  const dirty = 'synced_revision < revision';
  return {
    async dirty(limit) {
      const sql = `SELECT location_id, bucket_start_s, revision, ${COUNTS} FROM rollups
        WHERE ${dirty} ORDER BY location_id, bucket_start_s LIMIT ?1`;
      return (await db.prepare(sql).bind(limit).all<Rollup>()).results;
    },
    async markPushed(rollups) {
      const sql = `UPDATE rollups SET synced_revision = p.revision
        FROM (SELECT value ->> 0 AS location_id, value ->> 1 AS bucket_start_s,
            value ->> 2 AS revision FROM json_each(?1)) AS p
        WHERE rollups.location_id = p.location_id
          AND rollups.bucket_start_s = p.bucket_start_s
          AND rollups.revision = p.revision`;
      const keys = rollups.map((r) => [r.location_id, r.bucket_start_s, r.revision]);
      const marked = await db.prepare(sql).bind(JSON.stringify(keys)).run();
      return marked.meta.changes;
    },
    async countDirty() {
      const sql = `SELECT COUNT(*) AS n FROM rollups WHERE ${dirty}`;
      return (await db.prepare(sql).first<number>('n')) ?? 0;
    },
  };
}
