/** Changes of a unit's own row in D1, each with its trace; reservations and new credentials. */
import type { ActivationStore } from '../domain/activation.ts';
import type { Change } from '../domain/audit.ts';
import type { CredentialStore, ReservationStore } from '../domain/provisioning.ts';
import type { Changeable, UnitChangeStore } from '../domain/unit-change.ts';
import { tellOwner } from './alert.ts';
import { auditIfChanged } from './audit.ts';
import { queueStatements } from './command.ts';

export function d1UnitChangeStore(db: D1Database): UnitChangeStore {
  const run = async (change: Change, statement: D1PreparedStatement) => {
    await db.batch([statement, auditIfChanged(db, change)]);
  };
  const locate = (id: string, location: string | null, atS: number) =>
    db
      .prepare('UPDATE devices SET location_id = ?2, located_s = ?3 WHERE id = ?1')
      .bind(id, location, atS);
  return {
    look: (id) =>
      db
        .prepare('SELECT name, location_id, latitude, longitude, status FROM devices WHERE id = ?1')
        .bind(id)
        .first<Changeable>(),
    rename: (id, name, change) =>
      run(change, db.prepare('UPDATE devices SET name = ?2 WHERE id = ?1').bind(id, name)),
    setStatus: (id, status, change) =>
      run(
        change,
        db
          .prepare(
            'UPDATE devices SET status = ?2, settled_ms = ?3, released_s = NULL WHERE id = ?1',
          )
          .bind(id, status, change.at_ms),
      ),
    async move(id, { location_id, coordinates, placed_s }, change) {
      if (!coordinates) {
        return run(change, locate(id, location_id, placed_s));
      }
      const { latitude, longitude, time_zone } = coordinates;
      // Behind the move: a clean sheet would wipe the new coordinates with the old ones.
      const sql = `UPDATE devices SET latitude = ?2, longitude = ?3,
          time_zone = ?4, accuracy_m = NULL, place_source = 'manual', placed_s = ?5
        WHERE id = ?1`;
      const values = [id, latitude, longitude, time_zone, placed_s];
      await db.batch([
        locate(id, location_id, placed_s),
        db.prepare(sql).bind(...values),
        auditIfChanged(db, change),
      ]);
    },
  };
}

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

export function d1CredentialStore(db: D1Database): CredentialStore {
  return {
    async reissue(id, sha256, first, change) {
      const sql = `UPDATE devices SET token_sha256 = ?2, registered_s = ?3, settled_ms = ?4,
          prepared_by = ?5,
          generation = generation + 1,
          first_heartbeat_s = NULL, first_reading_s = NULL, last_seen_s = NULL,
          radio = 0, radio_since_s = NULL WHERE id = ?1`;
      const [updated] = await db.batch([
        db.prepare(sql).bind(id, sha256, first.queued_s, change.at_ms, change.actor),
        auditIfChanged(db, change),
        tellOwner(db, change),
        ...queueStatements(db, first),
      ]);
      return (updated?.meta.changes ?? 0) > 0;
    },
  };
}

export function d1ActivationStore(db: D1Database): ActivationStore {
  return {
    async activate(id, to, from, change) {
      const sql = `UPDATE devices SET location_id = ?2, status = 'active', settled_ms = ?4,
          located_s = ?5
        WHERE id = ?1 AND location_id IS ?3 AND status <> 'inactive'`;
      const update = db
        .prepare(sql)
        .bind(id, to, from, change.at_ms, Math.floor(change.at_ms / 1000));
      const [updated] = await db.batch([update, auditIfChanged(db, change)]);
      return (updated?.meta.changes ?? 0) > 0;
    },
  };
}
