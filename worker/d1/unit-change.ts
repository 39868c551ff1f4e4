/** Changes of a unit's own row in D1, each with its trace. */
import type { Change } from '../domain/audit.ts';
import type { Changeable, Coordinates, UnitChangeStore } from '../domain/unit-change.ts';
import { auditIfChanged } from './audit.ts';

export function d1UnitChangeStore(db: D1Database): UnitChangeStore {
  const run = async (change: Change, statement: D1PreparedStatement) => {
    await db.batch([statement, auditIfChanged(db, change)]);
  };
  const locate = (id: string, location: string | null, atS: number) =>
    db
      .prepare('UPDATE devices SET location_id = ?2, located_s = ?3 WHERE id = ?1')
      .bind(id, location, atS);
  /** Behind a move: a clean sheet would wipe the new coordinates with the old ones. */
  const point = (id: string, { latitude, longitude, time_zone }: Coordinates, placedS: number) => {
    const sql = `UPDATE devices SET latitude = ?2, longitude = ?3,
        time_zone = ?4, accuracy_m = NULL, place_source = 'manual', placed_s = ?5
      WHERE id = ?1`;
    return db.prepare(sql).bind(id, latitude, longitude, time_zone, placedS);
  };
  return {
    look: (id) =>
      db
        .prepare('SELECT name, location_id, latitude, longitude, status FROM devices WHERE id = ?1')
        .bind(id)
        .first<Changeable>(),
    rename: (id, name, change) =>
      run(change, db.prepare('UPDATE devices SET name = ?2 WHERE id = ?1').bind(id, name)),
    async setStatus(id, status, mayReturn, change) {
      const sql = `UPDATE devices SET status = ?2, settled_ms = ?3, released_s = NULL
        WHERE id = ?1 AND (?4 = 1 OR status <> 'inactive')`;
      const values = [id, status, change.at_ms, mayReturn ? 1 : 0];
      const update = db.prepare(sql).bind(...values);
      const [updated] = await db.batch([update, auditIfChanged(db, change)]);
      return (updated?.meta.changes ?? 0) > 0;
    },
    async move(id, { location_id, coordinates, placed_s }, change) {
      const statements = location_id === undefined ? [] : [locate(id, location_id, placed_s)];
      if (coordinates) statements.push(point(id, coordinates, placed_s));
      await db.batch([...statements, auditIfChanged(db, change)]);
    },
  };
}
