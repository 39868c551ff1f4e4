/** Relations between people and units in D1. */
import type { RelationStore } from '../domain/relation.ts';

/**
 * An order for a unit and the preparing of one are about the unit with its owners of then: they end
 * when it comes to others (`sheet_s`), unless the order's place is where it came to.
 */
const PREPARED = 'd.prepared_by = ?1 AND d.registered_s >= MAX(?3, d.sheet_s)';
const WORKS = `SELECT d.id FROM devices AS d
  WHERE d.id IN (SELECT value FROM json_each(?2)) AND (
    (${PREPARED})
    OR EXISTS (SELECT 1 FROM work_orders AS w
      WHERE w.assigned_to = ?1 AND w.closed_s IS NULL
        AND (w.location_id = d.location_id
          OR (w.device_id = d.id AND w.created_s >= d.sheet_s))))`;
const MAY_PLACE = `SELECT 1 AS may FROM devices AS d
  WHERE d.id = ?2 AND (
    d.location_id IS NULL OR d.location_id = ?4 OR (${PREPARED})
    OR EXISTS (SELECT 1 FROM memberships AS here JOIN memberships AS there USING (user_id)
      WHERE here.location_id = d.location_id AND there.location_id = ?4)
    OR EXISTS (SELECT 1 FROM work_orders AS w
      WHERE w.assigned_to = ?1 AND w.closed_s IS NULL AND w.location_id = ?4))`;

export function d1RelationStore(db: D1Database): RelationStore {
  return {
    async works(userId, deviceIds, preparedSinceS) {
      const bound = db.prepare(WORKS).bind(userId, JSON.stringify(deviceIds), preparedSinceS);
      return new Set((await bound.all<{ id: string }>()).results.map(({ id }) => id));
    },
    mayPlace: async (userId, deviceId, locationId, preparedSinceS) => {
      const statement = db.prepare(MAY_PLACE).bind(userId, deviceId, preparedSinceS, locationId);
      return (await statement.first('may')) !== null;
    },
  };
}
