/** The trail of one unit in D1, as whoever may see it sees it. */
import type { AuditEntry } from '../domain/audit.ts';
import type { TrailEntry, TrailStore } from '../domain/unit-history-page.ts';
import { isSeenBy, placeBefore } from './placement.ts';

/** A change that places the unit belongs to where that is; any other to where it stood before. */
const PLACE = `COALESCE(CASE WHEN a.action
    IN ('unit.move', 'unit.activate', 'unit.register', 'unit.replace')
  THEN a.after_json ->> '$.location_id' END, ${placeBefore('?2', 'a.at_ms / 1000')})`;
/** Whether who acted and who asks have a place in common; ?1 is null for those who see all. */
const OWN_PEOPLE = `EXISTS (SELECT 1 FROM visible_places AS his, visible_places AS mine
  WHERE his.user_id = a.actor AND mine.user_id = ?1 AND his.location_id = mine.location_id)`;
const ROLE = `CASE WHEN EXISTS (SELECT 1 FROM staff AS s WHERE s.user_id = p.user_id)
  THEN 'staff' ELSE p.role END`;

type Row = Omit<TrailEntry, 'before' | 'after'> & {
  before_json: string | null;
  after_json: string | null;
};

export function d1TrailStore(db: D1Database): TrailStore {
  return {
    async trail(deviceId, { ownerId, only, beforeId, limit }) {
      const sql = `SELECT a.id, a.at_ms, a.actor, a.action, a.target, a.before_json, a.after_json,
          p.email AS actor_email, CASE WHEN p.user_id IS NOT NULL THEN ${ROLE} END AS actor_role,
          ${OWN_PEOPLE} AS is_own_people
        FROM audit AS a LEFT JOIN people AS p ON p.user_id = a.actor
        WHERE a.target = 'unit:' || ?2 AND a.id < ?3
          AND (?4 IS NULL OR a.action IN (SELECT value FROM json_each(?4)))
          AND ${isSeenBy('?1', PLACE)}
        ORDER BY a.id DESC LIMIT ?5`;
      const actions = only && JSON.stringify(only);
      const below = beforeId ?? Number.MAX_SAFE_INTEGER;
      const bound = db.prepare(sql).bind(ownerId ?? null, deviceId, below, actions, limit);
      return (await bound.all<Row>()).results.map(entryOf);
    },
  };
}

function entryOf({ before_json, after_json, ...row }: Row): TrailEntry {
  const facts = (json: string | null): AuditEntry['before'] => (json ? JSON.parse(json) : null);
  return { ...row, before: facts(before_json), after: facts(after_json) };
}
