/** Units in D1 as people deal with them. */
import type { NewUnit, Unit, UnitStore } from '../domain/unit.ts';
import { queueStatements } from './command.ts';

const COLUMNS = `id, token_sha256, mac, status, location_id, firmware, registered_s,
  first_heartbeat_s, first_reading_s, last_seen_s`;

export function d1UnitStore(db: D1Database): UnitStore {
  return {
    find: (id) => db.prepare(`SELECT ${COLUMNS} FROM devices WHERE id = ?1`).bind(id).first<Unit>(),
    async add(unit, first) {
      const sql = `INSERT INTO devices
          (id, token_sha256, mac, location_id, firmware, registered_s)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING`;
      const { device_id, id, name, queued_s, expires_s } = first;
      // Directly after the insert: changes() says whether the id was free.
      const queue = `INSERT INTO commands (device_id, id, name, queued_s, expires_s)
        SELECT ?1, ?2, ?3, ?4, ?5 WHERE changes() > 0`;
      const [inserted] = await db.batch([
        bindUnit(db.prepare(sql), unit),
        db.prepare(queue).bind(device_id, id, name, queued_s, expires_s),
      ]);
      return (inserted?.meta.changes ?? 0) > 0;
    },
    async replace(unit, first) {
      const sql = `UPDATE devices SET token_sha256 = ?2, mac = ?3, location_id = ?4,
          firmware = ?5, registered_s = ?6, status = 'active',
          first_heartbeat_s = NULL, first_reading_s = NULL, last_seen_s = NULL
        WHERE id = ?1`;
      await db.batch([bindUnit(db.prepare(sql), unit), ...queueStatements(db, first)]);
    },
    async amend(id, firmware, locationId) {
      const sql = `UPDATE devices
        SET firmware = ?2, location_id = COALESCE(?3, location_id) WHERE id = ?1`;
      await db
        .prepare(sql)
        .bind(id, firmware, locationId ?? null)
        .run();
    },
  };
}

function bindUnit(statement: D1PreparedStatement, unit: NewUnit): D1PreparedStatement {
  const { id, token_sha256, mac, location_id, firmware, registered_s } = unit;
  return statement.bind(id, token_sha256, mac, location_id, firmware, registered_s);
}
