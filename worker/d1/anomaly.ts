/** The flag on units that send too much, in D1. Opening an alert for it is the hourly review's. */
import { type AnomalyStore, FLOODS } from '../domain/anomaly.ts';
import { auditIfChanged } from './audit.ts';
import { changeOnce } from './kept-answer.ts';
import { FLAGGED_HERE } from './placement.ts';

/** Each fault of a unit adds its reason: one must not hide another. `reason` is an SQL text. */
export const FLAGGED_FOR = (reason: string) =>
  `(${FLAGGED_HERE} AND instr(COALESCE(anomaly_reason, ''), ${reason}) > 0)`;
export const FLOODS_HERE = FLAGGED_FOR(`'${FLOODS}'`);
/** What the reason of a flag for a doubted reading holds: it tells the first one, not each. */
export const NOT_COUNTED = ' UTC not counted: ';
/** The reason for a doubted reading: when its period began and why, an SQL expression each. */
export const DOUBTED = (startS: string, why: string) =>
  `'reading of ' || strftime('%Y-%m-%d %H:%M', ${startS}, 'unixepoch')
    || '${NOT_COUNTED}' || ${why}`;
/** The flag for one more reason, an SQL expression each: since when, and the words. */
export const ONE_MORE_REASON = (nowS: string, reason: string) =>
  `anomaly_since_s = CASE WHEN ${FLAGGED_HERE} THEN anomaly_since_s ELSE ${nowS} END,
   anomaly_reason = CASE WHEN ${FLAGGED_HERE} THEN COALESCE(anomaly_reason || '; ', '') ELSE '' END
     || ${reason}`;

/** Of unit ?1, ?2: what somebody looked at. */
const AS_SEEN = `NOT EXISTS (SELECT 1 FROM devices WHERE id = ?1
  AND anomaly_since_s IS NOT NULL AND COALESCE(anomaly_reason, '') <> ?2)`;

export function d1AnomalyStore(db: D1Database): AnomalyStore {
  return {
    async flag(deviceId, reason, nowS) {
      const sql = `UPDATE devices SET ${ONE_MORE_REASON('?3', '?2')}
        WHERE id = ?1 AND NOT ${FLAGGED_FOR('?2')}`;
      const flagged = await db.prepare(sql).bind(deviceId, reason, nowS).run();
      return flagged.meta.changes > 0;
    },
    async clear(deviceId, seen, change) {
      const clear = `UPDATE devices SET anomaly_reason = NULL, anomaly_since_s = NULL
        WHERE id = ?1 AND anomaly_since_s IS NOT NULL`;
      const statements = [
        db.prepare(clear).bind(deviceId),
        auditIfChanged(db, change),
        db.prepare('SELECT 1 FROM devices WHERE id = ?1').bind(deviceId),
      ];
      // What is not flagged any more is as it is wanted.
      const asSeen = seen === undefined ? undefined : { sql: AS_SEEN, values: [deviceId, seen] };
      const [, , found] = await changeOnce(db, change, statements, asSeen);
      return (found?.results.length ?? 0) > 0;
    },
    reason: (deviceId) =>
      db
        .prepare('SELECT anomaly_reason FROM devices WHERE id = ?1')
        .bind(deviceId)
        .first<string>('anomaly_reason'),
  };
}
