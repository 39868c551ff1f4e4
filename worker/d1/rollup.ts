/** Rollups in D1 by time, for insights. What changed is the business of sync.ts. */
import { COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import type { Bucket, InsightsStore, UnitActivity } from '../domain/insights.ts';

const COUNTS = `visits, ${COUNT_FIELDS.join(', ')}`;

export function d1InsightsStore(db: D1Database): InsightsStore {
  return {
    async buckets(locationId, fromMs, toMs) {
      const sql = `SELECT bucket_start_s, ${COUNTS} FROM rollups
        WHERE location_id = ?1 AND bucket_start_s >= ?2 AND bucket_start_s < ?3
          AND readings > 0
        ORDER BY bucket_start_s`;
      const bound = db.prepare(sql).bind(locationId, fromMs / 1000, toMs / 1000);
      return (await bound.all<Bucket>()).results;
    },
    async activity(locationId, fromMs, toMs) {
      // Units that stood there at some time of it, and what they counted there: the newest period
      // of each is some steps back in the readings' key.
      const sql = `SELECT COUNT(*) AS total, COUNT(newest_s) AS reporting,
          MAX(newest_s) AS newest_period_s
        FROM (SELECT (SELECT r.period_start_s FROM readings AS r
            WHERE r.device_id = d.id AND r.period_start_s >= ?2 AND r.period_start_s < ?3
              AND r.location_id = ?1
            ORDER BY r.period_start_s DESC LIMIT 1) AS newest_s
          FROM devices AS d WHERE d.status <> 'inactive' AND d.id IN (
            SELECT device_id FROM placements
            WHERE location_id = ?1 AND from_s < ?3 AND (to_s IS NULL OR to_s > ?2)))`;
      const bound = db.prepare(sql).bind(locationId, fromMs / 1000, toMs / 1000);
      const row = await bound.first<UnitActivity>();
      return row ?? { total: 0, reporting: 0, newest_period_s: null };
    },
  };
}
