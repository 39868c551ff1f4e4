/** Insights from the sums and readings in D1. */

import { COUNT_FIELDS } from '../../../shared/metrics/bucket.ts';
import { LATE_AFTER_REPORTS } from '../../../shared/metrics/unit-state.ts';
import { LONGEST_S, STOOD_THERE } from '../../d1/insights.ts';
import { INTERVAL_S } from '../../d1/interval.ts';
import type { Bucket, InsightsStore, PlacedUnit, Stretch } from '../../domain/insights.ts';

/** A reading is of one report interval at most, and cannot be of a time after it was received. */
const UNTIL_S = `MAX(r.period_start_s, MIN(r.period_start_s + ${INTERVAL_S}, r.received_s))`;
const IN_ORDER = 'PARTITION BY r.device_id ORDER BY r.period_start_s, r.variant';

/**
 * Readings of each unit, divided by silences in which more than two reports are missing. A
 * reading ends where the next begins, as long as an interval of the unit may have been so long: it
 * may have been another one on that day.
 */
const STRETCHES = `SELECT device_id, MIN(start_s) AS from_s, MAX(until_s) AS to_s
  FROM (SELECT device_id, start_s, until_s, SUM(COALESCE(begins, 0)) OVER unit AS nth, variant
    FROM (SELECT device_id, variant, start_s, until_s,
        start_s - LAG(until_s) OVER (PARTITION BY device_id ORDER BY start_s, variant)
          > ${LATE_AFTER_REPORTS - 1} * interval_s AS begins
      FROM (SELECT r.device_id, r.variant, r.period_start_s AS start_s,
          ${INTERVAL_S} AS interval_s,
          CASE WHEN LEAD(r.period_start_s) OVER (${IN_ORDER}) - r.period_start_s <= ${LONGEST_S}
            THEN LEAD(r.period_start_s) OVER (${IN_ORDER}) ELSE ${UNTIL_S} END AS until_s
        FROM (SELECT DISTINCT device_id FROM placements WHERE ${STOOD_THERE}) AS u
        JOIN readings AS r ON r.device_id = u.device_id
          AND r.period_start_s >= ?2 AND r.period_start_s < ?3
        LEFT JOIN device_configs AS c ON c.device_id = u.device_id
        WHERE r.location_id = ?1 AND r.is_counted = 1))
    WINDOW unit AS (PARTITION BY device_id ORDER BY start_s, variant))
  GROUP BY device_id, nth ORDER BY device_id, from_s`;

/** Units that stood there; the newest periods of each are some steps back in the readings' key. */
const UNITS = `SELECT d.id AS device_id, d.name, ${INTERVAL_S} AS interval_s,
    EXISTS (SELECT 1 FROM placements AS p WHERE p.device_id = d.id AND p.location_id = ?1
      AND p.from_s < ?3 AND (p.to_s IS NULL OR p.to_s >= ?3)) AS stays,
    (SELECT r.period_start_s FROM readings AS r
      WHERE r.device_id = d.id AND r.period_start_s >= ?2 AND r.period_start_s < ?3
        AND r.location_id = ?1
      ORDER BY r.period_start_s DESC LIMIT 1) AS newest_s,
    (SELECT ${UNTIL_S} FROM readings AS r
      WHERE r.device_id = d.id AND r.period_start_s < ?3 AND r.location_id = ?1
        AND r.is_counted = 1 AND r.period_start_s >= (SELECT MAX(p.from_s) FROM placements AS p
          WHERE p.device_id = d.id AND p.location_id = ?1 AND p.from_s < ?3)
      ORDER BY r.period_start_s DESC LIMIT 1) AS counted_until_s
  FROM devices AS d LEFT JOIN device_configs AS c ON c.device_id = d.id
  WHERE d.status <> 'inactive'
    AND d.id IN (SELECT device_id FROM placements WHERE ${STOOD_THERE})
  ORDER BY d.id`;

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
    async stretches(locationId, fromMs, toMs) {
      const bound = db.prepare(STRETCHES).bind(locationId, fromMs / 1000, toMs / 1000);
      return (await bound.all<Stretch>()).results;
    },
    async units(locationId, fromMs, toMs) {
      const bound = db.prepare(UNITS).bind(locationId, fromMs / 1000, toMs / 1000);
      const { results } = await bound.all<Omit<PlacedUnit, 'stays'> & { stays: number }>();
      return results.map((unit) => ({ ...unit, stays: unit.stays === 1 }));
    },
    signs: async () => [],
  };
}
