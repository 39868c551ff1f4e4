/** The flag on units that send too much, in D1. Opening an alert for it is the hourly review's. */
import type { AnomalyStore } from '../domain/anomaly.ts';
import { auditIfChanged } from './audit.ts';
import { FLAGGED_HERE } from './placement.ts';

export function d1AnomalyStore(db: D1Database): AnomalyStore {
  return {
    async flag(deviceId, reason, nowS) {
      const sql = `UPDATE devices SET anomaly_reason = ?2, anomaly_since_s = ?3
        WHERE id = ?1 AND NOT ${FLAGGED_HERE}`;
      const flagged = await db.prepare(sql).bind(deviceId, reason, nowS).run();
      return flagged.meta.changes > 0;
    },
    async clear(deviceId, change) {
      const clear = `UPDATE devices SET anomaly_reason = NULL, anomaly_since_s = NULL
        WHERE id = ?1 AND anomaly_since_s IS NOT NULL`;
      const [, , found] = await db.batch([
        db.prepare(clear).bind(deviceId),
        auditIfChanged(db, change),
        db.prepare('SELECT 1 FROM devices WHERE id = ?1').bind(deviceId),
      ]);
      return (found?.results.length ?? 0) > 0;
    },
  };
}
