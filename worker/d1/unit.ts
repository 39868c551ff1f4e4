/** Units in D1 as people deal with them. */
import type { NewUnit, UnitStore } from '../domain/unit.ts';
import { alertOwner } from './alert.ts';
import { auditIfChanged } from './audit.ts';
import { queueStatements, STANDS } from './command.ts';

/** No hash is this: nobody can present its token, and nothing else fits. */
const NO_TOKEN = 'released';

/** What changes them; how they are looked up, unit-registry.ts knows. */
type UnitChanges = Omit<UnitStore, 'find' | 'ofChip'>;

export function d1UnitStore(db: D1Database): UnitChanges {
  return {
    ...chipStore(db),
    async add(unit, first, by, change) {
      // An id that someone else holds reserved is as good as taken.
      const sql = `INSERT INTO devices
          (id, token_sha256, mac, location_id, firmware, registered_s, settled_ms, prepared_by)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (SELECT 1 FROM reservations
          WHERE device_id = ?1 AND user_id <> ?9 AND expires_s > ?6)
        ON CONFLICT DO NOTHING`;
      const { device_id, id, name, queued_by, queued_s, expires_s } = first;
      // Directly after the insert and its trace: changes() says whether the id was free.
      const queue = `INSERT INTO commands
          (device_id, id, name, queued_by, queued_s, expires_s, location_id)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ${STANDS} WHERE changes() > 0`;
      const [inserted] = await db.batch([
        db.prepare(sql).bind(...valuesOf(unit), by),
        auditIfChanged(db, change),
        db.prepare(queue).bind(device_id, id, name, queued_by, queued_s, expires_s),
        db
          .prepare('DELETE FROM reservations WHERE device_id = ?1 AND changes() > 0')
          .bind(device_id),
      ]);
      return (inserted?.meta.changes ?? 0) > 0;
    },
    async replace(unit, first, change) {
      const sql = `UPDATE devices SET token_sha256 = ?2, mac = ?3, location_id = ?4,
          firmware = ?5, registered_s = ?6, settled_ms = ?7, prepared_by = ?8, located_s = ?6,
          generation = generation + 1,
          status = CASE WHEN released_s IS NULL THEN status ELSE 'active' END, released_s = NULL,
          first_heartbeat_s = NULL, first_reading_s = NULL, last_seen_s = NULL,
          cell_rssi_dbm = NULL, battery_pct = NULL, radio = 0, radio_since_s = NULL
        WHERE id = ?1 AND COALESCE(settled_ms, registered_s * 1000) <= ?7
          AND (status <> 'inactive' OR released_s IS NOT NULL)`;
      const [replaced] = await db.batch([
        db.prepare(sql).bind(...valuesOf(unit)),
        auditIfChanged(db, change),
        alertOwner(db, change),
        ...queueStatements(db, first, unit.token_sha256),
      ]);
      return (replaced?.meta.changes ?? 0) > 0;
    },
    async amend({ id, located_s }, firmware, locationId, change) {
      const sql = `UPDATE devices
        SET firmware = ?2, location_id = COALESCE(?3, location_id),
          located_s = CASE WHEN location_id IS NOT COALESCE(?3, location_id) THEN ?4
            ELSE located_s END
        WHERE id = ?1
          AND located_s IS ?5
          AND (firmware IS NOT ?2 OR location_id IS NOT COALESCE(?3, location_id))`;
      const atS = Math.floor(change.at_ms / 1000);
      const update = db.prepare(sql).bind(id, firmware, locationId ?? null, atS, located_s);
      await db.batch([update, auditIfChanged(db, change)]);
    },
  };
}

/** How a chip leaves its id. */
function chipStore(db: D1Database): Pick<UnitStore, 'release'> {
  return {
    async release(id, beforeMs, change) {
      const atS = Math.floor(change.at_ms / 1000);
      const free = `UPDATE devices SET token_sha256 = '${NO_TOKEN}', mac = NULL, released_s = ?2,
          status = 'inactive', settled_ms = ?3, generation = generation + 1,
          first_heartbeat_s = NULL, first_reading_s = NULL, last_seen_s = NULL,
          cell_rssi_dbm = NULL, battery_pct = NULL, radio = 0, radio_since_s = NULL
        WHERE id = ?1 AND status <> 'inactive'
          AND COALESCE(settled_ms, registered_s * 1000) <= ?4`;
      // Last, so that the owner of the place it leaves gets an alert.
      const leave = `UPDATE devices SET location_id = NULL, located_s = ?2
        WHERE id = ?1 AND released_s = ?2 AND token_sha256 = '${NO_TOKEN}'`;
      const [freed] = await db.batch([
        db.prepare(free).bind(id, atS, change.at_ms, beforeMs),
        auditIfChanged(db, change),
        alertOwner(db, change),
        db.prepare(leave).bind(id, atS),
      ]);
      return (freed?.meta.changes ?? 0) > 0;
    },
  };
}

function valuesOf(unit: NewUnit) {
  const { id, token_sha256, mac, location_id, firmware, registered_s, settled_ms } = unit;
  return [id, token_sha256, mac, location_id, firmware, registered_s, settled_ms, unit.prepared_by];
}
