/** Ids held for somebody, in D1. */
import type { ReservationStore } from '../domain/reservation.ts';
import { auditIfChanged } from './audit.ts';

/** Both tables hold at most one row an id, and there are 9,999 ids. */
const LOWEST_FREE = `SELECT MIN(n) AS n FROM (
    SELECT 1 AS n
    UNION SELECT CAST(substr(id, 5) AS INTEGER) + (released_s IS NULL) FROM devices
    UNION SELECT CAST(substr(device_id, 5) AS INTEGER) + 1 FROM reservations
  ) AS free
  WHERE n <= 9999
    AND NOT EXISTS (SELECT 1 FROM devices
      WHERE id = printf('JBNB%04d', n) AND released_s IS NULL)
    AND NOT EXISTS (SELECT 1 FROM reservations
      WHERE device_id = printf('JBNB%04d', n) AND expires_s > ?1)`;

const HELD = 'SELECT COUNT(*) AS n FROM reservations WHERE user_id = ?1 AND expires_s > ?2';

export function d1ReservationStore(db: D1Database): ReservationStore {
  return {
    async lowestFree(nowS) {
      const n = await db.prepare(LOWEST_FREE).bind(nowS).first<number | null>('n');
      return n === null ? null : `JBNB${String(n).padStart(4, '0')}`;
    },
    held: async (userId, nowS) =>
      (await db.prepare(HELD).bind(userId, nowS).first<number>('n')) ?? 0,
    async release(deviceId, userId, change) {
      const sql = `DELETE FROM reservations
        WHERE device_id = ?1 AND (?2 IS NULL OR user_id = ?2)`;
      const removed = db.prepare(sql).bind(deviceId, userId);
      const [result] = await db.batch([removed, auditIfChanged(db, change)]);
      return (result?.meta.changes ?? 0) > 0;
    },
    async reserve({ device_id, user_id, expires_s, renew, held_max }, nowS, change) {
      // One more is one too many, but an own one may be held for longer.
      const sql = `INSERT INTO reservations (device_id, user_id, expires_s)
        SELECT ?1, ?2, ?3 WHERE NOT EXISTS
            (SELECT 1 FROM devices WHERE id = ?1 AND released_s IS NULL)
          AND (SELECT COUNT(*) FROM reservations
            WHERE user_id = ?2 AND expires_s > ?4 AND device_id <> ?1) < ?6
        ON CONFLICT (device_id) DO UPDATE SET user_id = ?2, expires_s = ?3
          WHERE (?5 = 1 AND reservations.user_id = ?2) OR reservations.expires_s <= ?4`;
      const values = [device_id, user_id, expires_s, nowS, renew ? 1 : 0, held_max];
      const insert = db.prepare(sql).bind(...values);
      const [inserted] = await db.batch([insert, auditIfChanged(db, change)]);
      return (inserted?.meta.changes ?? 0) > 0;
    },
  };
}
