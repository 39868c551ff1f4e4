/** Which places owners have and staff looks at, in D1. */
import type { PersonPlacesStore, PlacesOf } from '../domain/person-places.ts';
import { auditIf } from './audit.ts';

const TABLE = { owner: 'memberships', staff: 'staff_places' } as const;
const IS = {
  owner: `EXISTS (SELECT 1 FROM people WHERE user_id = ?7 AND role = 'owner')
    AND NOT EXISTS (SELECT 1 FROM staff WHERE user_id = ?7)`,
  staff: 'EXISTS (SELECT 1 FROM staff WHERE user_id = ?7)',
} as const;
/** The trace of this very change is the newest row: written right before, in the same batch. */
const IS_TRACED = `EXISTS (SELECT 1 FROM audit WHERE id = (SELECT MAX(id) FROM audit)
  AND at_ms = ?3 AND actor = ?4 AND action = 'person.places' AND target = ?5)`;

/** Both are names of ours. */
const placesNow = ({ role }: PlacesOf) => `(SELECT json_group_array(location_id) FROM
  (SELECT location_id FROM ${TABLE[role]} WHERE user_id = ?7 ORDER BY location_id))`;

export function d1PersonPlacesStore(db: D1Database): PersonPlacesStore {
  return {
    async set(who, from, to, change) {
      const isAsSeen = `${placesNow(who)} = ?8 AND ${IS[who.role]}
        AND EXISTS (SELECT 1 FROM people WHERE user_id = ?2 AND role = 'admin')`;
      const trace = auditIf(db, change, isAsSeen, [who.user_id, JSON.stringify(from)]);
      // two statements change: changes() of the first would not tell the second whether to
      const of = (sql: string) =>
        db
          .prepare(`${sql} AND ${IS_TRACED}`)
          .bind(
            ...[who.user_id, JSON.stringify(to)],
            ...[change.at_ms, change.actor, change.target],
          );
      const table = TABLE[who.role];
      const [traced] = await db.batch([
        trace,
        of(`DELETE FROM ${table} WHERE user_id = ?1
          AND location_id NOT IN (SELECT value FROM json_each(?2))`),
        of(`INSERT OR IGNORE INTO ${table} (user_id, location_id)
          SELECT ?1, value FROM json_each(?2) WHERE true`),
      ]);
      return (traced?.meta.changes ?? 0) > 0;
    },
  };
}
