/** Ids held for somebody, in D1. */
import { DEVICE_NUMBER_MAX } from '../../shared/contracts/common.ts';
import { deviceIdOf } from '../../shared/device-id.ts';
import type { HeldId, ReservationStore, Trace } from '../domain/reservation.ts';
import { auditIfChanged, auditOfEach } from './audit.ts';

/** Whether the number `n` of a walk has a registered unit. */
const IS_REGISTERED = `EXISTS (SELECT 1 FROM devices
  WHERE id = printf('JBNB%04d', n) AND released_s IS NULL)`;
/** From the floor up, step by step in the keys: what is below it nobody looks at. */
const walkWhile = (isTaken: string) => `WITH RECURSIVE walk (n) AS (
    SELECT number FROM id_floor
    UNION ALL SELECT n + 1 FROM walk WHERE n <= ${DEVICE_NUMBER_MAX} AND ${isTaken}
  ) SELECT MAX(n) AS n FROM walk`;
const LOWEST_FREE = walkWhile(`(${IS_REGISTERED} OR EXISTS (SELECT 1 FROM reservations
  WHERE device_id = printf('JBNB%04d', n) AND expires_s > ?1))`);
/** A reservation ends by itself, so that only units raise the floor. */
const RAISE_FLOOR = `UPDATE id_floor SET number = (${walkWhile(IS_REGISTERED)})
  WHERE EXISTS (SELECT 1 FROM devices
    WHERE id = printf('JBNB%04d', number) AND released_s IS NULL)`;

const HELD = 'SELECT COUNT(*) AS n FROM reservations WHERE user_id = ?1 AND expires_s > ?2';

/** A unit that took the place of a released one leaves its reservation behind. */
const IS_NO_UNIT = `NOT EXISTS (SELECT 1 FROM devices
  WHERE id = reservations.device_id AND released_s IS NULL)`;
/** Of this person for this browser, from ?1, ?2 and the time ?3. */
const OWN = `user_id = ?1 AND holder = ?2 AND expires_s > ?3 AND ${IS_NO_UNIT}`;
const isFree = (n: string) => `NOT EXISTS (SELECT 1 FROM devices
    WHERE id = printf('JBNB%04d', ${n}) AND released_s IS NULL)
  AND NOT EXISTS (SELECT 1 FROM reservations
    WHERE device_id = printf('JBNB%04d', ${n}) AND expires_s > ?3)`;
/**
 * ?4 = the end, ?5 = how many it is to have, ?6 = the person's bound. From the floor up, until as
 * many are found as are missing; `found` counts the free ones so far.
 */
const TAKE_ALONG = `WITH RECURSIVE
  missing (k) AS (SELECT MIN(?5 - (SELECT COUNT(*) FROM reservations WHERE ${OWN}),
    ?6 - (SELECT COUNT(*) FROM reservations WHERE user_id = ?1 AND expires_s > ?3))),
  walk (n, found, free) AS (
    SELECT number - 1, 0, 0 FROM id_floor
    UNION ALL SELECT n + 1, found + (${isFree('n + 1')}), (${isFree('n + 1')})
      FROM walk WHERE n < ${DEVICE_NUMBER_MAX} AND found < (SELECT k FROM missing))
  INSERT INTO reservations (device_id, user_id, holder, expires_s)
    SELECT device_id, ?1, ?2, ?4 FROM reservations WHERE ${OWN}
    UNION ALL SELECT printf('JBNB%04d', n), ?1, ?2, ?4 FROM walk WHERE free = 1
  ON CONFLICT (device_id) DO UPDATE SET user_id = ?1, holder = ?2, expires_s = ?4`;
const LIST = `SELECT device_id, expires_s, holder FROM reservations
  WHERE user_id = ?1 AND expires_s > ?2 AND ${IS_NO_UNIT}
  ORDER BY LENGTH(device_id), device_id LIMIT ?3`;
const THESE = 'device_id IN (SELECT value FROM json_each(?1)) AND user_id = ?2';

export function d1ReservationStore(db: D1Database): ReservationStore {
  return {
    async lowestFree(nowS) {
      const n = await db.prepare(LOWEST_FREE).bind(nowS).first<number | null>('n');
      return n === null ? null : deviceIdOf(n);
    },
    async takeAlong({ user_id, holder, expires_s, count, held_max }, nowS, trace: Trace) {
      const own = [user_id, holder, nowS] as const;
      const taken = `SELECT 'unit:' || device_id AS target FROM reservations
        WHERE user_id = ?1 AND holder = ?2 AND expires_s = ?3`;
      await db.batch([
        db.prepare(TAKE_ALONG).bind(...own, expires_s, count, held_max),
        auditOfEach(db, trace, taken, [user_id, holder, expires_s]),
        db.prepare(RAISE_FLOOR),
      ]);
    },
    async list(userId, nowS, limit) {
      return (await db.prepare(LIST).bind(userId, nowS, limit).all<HeldId>()).results;
    },
    async giveBack(deviceIds, userId, trace) {
      const values = [JSON.stringify(deviceIds), userId] as const;
      const ended = `SELECT 'unit:' || device_id AS target FROM reservations WHERE ${THESE}`;
      await db.batch([
        auditOfEach(db, trace, ended, values),
        db.prepare(`DELETE FROM reservations WHERE ${THESE}`).bind(...values),
      ]);
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
      // One more is one too many, but whoever holds one may hold it for longer.
      const sql = `INSERT INTO reservations (device_id, user_id, expires_s)
        SELECT ?1, ?2, ?3 WHERE NOT EXISTS
            (SELECT 1 FROM devices WHERE id = ?1 AND released_s IS NULL)
          AND (SELECT COUNT(*) FROM reservations
            WHERE user_id = ?2 AND expires_s > ?4 AND device_id <> ?1) < ?6
        ON CONFLICT (device_id) DO UPDATE SET user_id = ?2, expires_s = ?3
          WHERE (?5 = 1 AND reservations.user_id = ?2) OR reservations.expires_s <= ?4`;
      const values = [device_id, user_id, expires_s, nowS, renew ? 1 : 0, held_max];
      const insert = db.prepare(sql).bind(...values);
      const audit = auditIfChanged(db, change);
      const [inserted] = await db.batch([insert, audit, db.prepare(RAISE_FLOOR)]);
      return (inserted?.meta.changes ?? 0) > 0;
    },
  };
}
