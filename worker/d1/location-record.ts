/** What is said of locations, in D1. */
import type { LocationDetail } from '../../shared/contracts/location.ts';
import type { LocationRecordStore } from '../domain/location-record.ts';
import { auditIfChanged } from './audit.ts';

const DETAIL = `SELECT id, name, time_zone, address, latitude, longitude FROM locations
  WHERE id = ?1`;
const CREATE = `INSERT INTO locations (id, name, time_zone, address, latitude, longitude)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING`;
const CHANGE = `UPDATE locations SET name = ?2, time_zone = ?3, address = ?4, latitude = ?5,
    longitude = ?6
  WHERE id = ?1
    AND (name, time_zone, address, latitude, longitude) IS NOT (?2, ?3, ?4, ?5, ?6)`;

export function d1LocationRecordStore(db: D1Database): LocationRecordStore {
  const write = async (
    sql: string,
    l: LocationDetail,
    change: Parameters<typeof auditIfChanged>[1],
  ) => {
    const values = [l.id, l.name, l.time_zone, l.address, l.latitude, l.longitude];
    const statements = [db.prepare(sql).bind(...values), auditIfChanged(db, change)];
    const [written] = await db.batch(statements);
    return (written?.meta.changes ?? 0) > 0;
  };
  return {
    detail: (id) => db.prepare(DETAIL).bind(id).first<LocationDetail>(),
    create: (location, change) => write(CREATE, location, change),
    change: (location, change) => write(CHANGE, location, change),
  };
}
