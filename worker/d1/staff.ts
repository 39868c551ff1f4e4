/** Staff in D1: who may look at a place without owning it. */
import type { StaffStore } from '../domain/staff.ts';
import { auditIfChanged } from './audit.ts';

/** An owner of nothing, as long as nothing below makes him staff. */
const PERSON = `INSERT INTO people (user_id, email, role) SELECT ?1, ?2, 'owner'
  WHERE NOT EXISTS (SELECT 1 FROM dismissals WHERE user_id = ?1) ON CONFLICT DO NOTHING`;
/** Directly behind: changes() says whether the person is new. */
const STAFF = 'INSERT INTO staff (user_id) SELECT ?1 WHERE changes() > 0';
const LOOKS = `INSERT INTO staff_places (user_id, location_id)
  SELECT user_id, ?2 FROM staff WHERE user_id = ?1 ON CONFLICT DO NOTHING`;
const LOOKS_NOW = 'SELECT 1 AS looks FROM staff_places WHERE user_id = ?1 AND location_id = ?2';
const END = 'DELETE FROM staff_places WHERE user_id = ?1 AND location_id = ?2';

export function d1StaffStore(db: D1Database): StaffStore {
  return {
    async of(locationId, rows) {
      const sql = `SELECT s.user_id, p.email FROM staff_places AS s
        JOIN people AS p ON p.user_id = s.user_id
        WHERE s.location_id = ?1 ORDER BY p.email, s.user_id LIMIT ?2`;
      const page = db.prepare(sql).bind(locationId, rows);
      return (await page.all<{ user_id: string; email: string }>()).results;
    },
    async add({ user_id, email }, locationId, change) {
      const results = await db.batch([
        db.prepare(PERSON).bind(user_id, email),
        db.prepare(STAFF).bind(user_id),
        db.prepare(LOOKS).bind(user_id, locationId),
        auditIfChanged(db, change),
        db.prepare(LOOKS_NOW).bind(user_id, locationId),
      ]);
      return results[4]?.results.length === 1;
    },
    async remove(userId, locationId, change) {
      const end = db.prepare(END).bind(userId, locationId);
      const [ended] = await db.batch([end, auditIfChanged(db, change)]);
      return (ended?.meta.changes ?? 0) > 0;
    },
  };
}
