/** Changes of a unit's own row in D1, each with its trace. */
import type { Change } from '../domain/audit.ts';
import type { OnceChange } from '../domain/kept-answer.ts';
import type { Changeable, Coordinates, SeenPlace, UnitChangeStore } from '../domain/unit-change.ts';
import { auditIfChanged } from './audit.ts';
import { type Condition, changeOnce } from './kept-answer.ts';

type Value = string | null;

/** The column of unit ?1 is as it was seen, ?2, or already as it is wanted, ?3. */
const asSeen = (column: 'name' | 'location_id' | 'status', seen: Value, wanted: Value) =>
  seen === wanted
    ? { sql: `${column} IS ?2`, values: [seen] }
    : { sql: `(${column} IS ?2 OR ${column} IS ?3)`, values: [seen, wanted] };

const ofUnit = (id: string, { sql, values }: Condition): Condition => ({
  sql: `EXISTS (SELECT 1 FROM devices WHERE id = ?1 AND ${sql})`,
  values: [id, ...values],
});

export function d1UnitChangeStore(db: D1Database): UnitChangeStore {
  const run = async (
    change: Change | OnceChange,
    statement: D1PreparedStatement,
    condition?: Condition,
  ) => await changeOnce(db, change, [statement, auditIfChanged(db, change)], condition);
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
    async rename(id, name, seen, change) {
      const renamed = db.prepare('UPDATE devices SET name = ?2 WHERE id = ?1').bind(id, name);
      await run(
        change,
        renamed,
        seen === undefined ? undefined : ofUnit(id, asSeen('name', seen, name)),
      );
    },
    async setStatus(id, status, { mayReturn, seen }, change) {
      const sql = `UPDATE devices SET status = ?2, settled_ms = ?3, released_s = NULL
        WHERE id = ?1 AND (?4 = 1 OR status <> 'inactive')`;
      const update = db.prepare(sql).bind(id, status, change.at_ms, mayReturn ? 1 : 0);
      const { sql: as, values } =
        seen === undefined ? { sql: 'true', values: [] } : asSeen('status', seen, status);
      const returns = mayReturn ? 'true' : "status <> 'inactive'";
      const condition = ofUnit(id, { sql: `${as} AND ${returns}`, values });
      const [updated] = await run(change, update, condition);
      return (updated?.meta.changes ?? 0) > 0;
    },
    async move(id, { location_id, coordinates, placed_s }, seen, change) {
      const statements = location_id === undefined ? [] : [locate(id, location_id, placed_s)];
      if (coordinates) statements.push(point(id, coordinates, placed_s));
      const all = [...statements, auditIfChanged(db, change)];
      await changeOnce(
        db,
        change,
        all,
        seen && placedAsSeen(id, seen, { location_id, coordinates }),
      );
    },
  };
}

/** A scan's coordinates give way to those by hand, whatever they were when they were seen. */
function placedAsSeen(
  id: string,
  { location_id, latitude, longitude }: SeenPlace,
  wanted: { location_id: string | null | undefined; coordinates: Coordinates | undefined },
): Condition {
  if (wanted.coordinates === undefined || latitude === undefined) {
    return ofUnit(id, asSeen('location_id', location_id ?? null, wanted.location_id ?? null));
  }
  const there = [latitude, longitude, wanted.coordinates.latitude, wanted.coordinates.longitude];
  const place = location_id === undefined ? '' : 'AND location_id IS ?6';
  return ofUnit(id, {
    sql: `(place_source IS NOT 'manual' OR (latitude IS ?2 AND longitude IS ?3)
      OR (latitude IS ?4 AND longitude IS ?5)) ${place}`,
    values: [...there, ...(location_id === undefined ? [] : [location_id])],
  });
}
