/**
 * Taking readings out of the sums and putting them back, in D1: the sums of each bucket change by
 * what the readings hold, are stamped for the sync, and their days written down for it.
 */
import { BUCKET_S, COUNT_FIELDS } from '../../../shared/metrics/bucket.ts';
import { auditAlways } from '../../d1/audit.ts';
import { REMEMBER } from '../../d1/judgement.ts';
import type { DoubtedRow, JudgementStore } from '../../domain/judgement.ts';
import { DAY_S, EPOCH, LATE_DAY, LATE_DAY_AGAIN } from './rollup.ts';

/** Readings of unit ?1 from ?2 to ?3 whose standing is not ?4 yet. */
const CHANGING = `device_id = ?1 AND period_start_s >= ?2 AND period_start_s < ?3
  AND is_counted <> ?4`;
const BUCKET = `period_start_s - period_start_s % ${BUCKET_S}`;

const SUM_OF = (name: string) => (name === 'readings' ? 'COUNT(*)' : `COALESCE(SUM(${name}), 0)`);

/** Added when they come in (?5 = 1), taken off when they go out (?5 = −1). */
const CORRECT = `INSERT INTO rollups
    (location_id, bucket_start_s, revision, epoch, visits, visits_known, ${COUNT_FIELDS.join(', ')})
  SELECT location_id, ${BUCKET}, ?6, ${EPOCH}, ?5 * SUM(visits), ?5 * COUNT(visits),
    ${COUNT_FIELDS.map((name) => `?5 * ${SUM_OF(name)}`).join(', ')}
  FROM readings WHERE ${CHANGING} AND location_id IS NOT NULL
  GROUP BY location_id, ${BUCKET}
  ON CONFLICT DO UPDATE SET
    revision = MAX(revision + 1, excluded.revision), epoch = excluded.epoch,
    visits = CASE WHEN visits_known + excluded.visits_known > 0
        OR COALESCE(visits, 0) + COALESCE(excluded.visits, 0) > 0
      THEN COALESCE(visits, 0) + COALESCE(excluded.visits, 0) END,
    visits_known = MAX(visits_known + excluded.visits_known, 0),
    ${COUNT_FIELDS.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`;
const WRITE_DAYS_DOWN = `${LATE_DAY}
  SELECT DISTINCT location_id, period_start_s - period_start_s % ${DAY_S}, ${EPOCH}
  FROM readings WHERE ${CHANGING} AND location_id IS NOT NULL ${LATE_DAY_AGAIN}`;
const SETTLE = `UPDATE readings SET is_counted = ?4, judged_s = ?5
  WHERE device_id = ?1 AND period_start_s >= ?2 AND period_start_s < ?3
    AND (is_counted <> ?4 OR (doubt IS NOT NULL AND judged_s IS NULL))`;

export function d1JudgementStore(db: D1Database): JudgementStore {
  return {
    async judge({ device_id, from_s, to_s }, isCounted, change) {
      const which = [device_id, from_s, to_s, isCounted ? 1 : 0];
      const nowS = Math.floor(change.at_ms / 1000);
      const results = await db.batch([
        db.prepare(CORRECT).bind(...which, isCounted ? 1 : -1, change.at_ms),
        db.prepare(WRITE_DAYS_DOWN).bind(...which),
        db.prepare(SETTLE).bind(...which, nowS),
        db.prepare(REMEMBER).bind(...which, change.at_ms),
        auditAlways(db, change),
      ]);
      return results[2]?.meta.changes ?? 0;
    },
    async doubts(deviceId, before, limit) {
      const { period_start_s, variant } = before ?? {
        period_start_s: Number.MAX_SAFE_INTEGER,
        variant: '',
      };
      // The condition reads exactly as the partial index has it.
      const sql = `SELECT period_start_s, variant, received_s, doubt, is_counted, judged_s,
          impressions, device_minutes, visits
        FROM readings WHERE device_id = ?1 AND (period_start_s, variant) < (?2, ?3)
          AND (doubt IS NOT NULL OR is_counted = 0)
        ORDER BY period_start_s DESC, variant DESC LIMIT ?4`;
      const bound = db.prepare(sql).bind(deviceId, period_start_s, variant, limit);
      return (await bound.all<DoubtedRow>()).results;
    },
  };
}
