/** Relations between people and units in D1. */
import type { RelationStore } from '../domain/relation.ts';

const WORKS = `SELECT 1 AS works FROM devices AS d
  WHERE d.id = ?2 AND ((d.prepared_by = ?1 AND d.registered_s >= ?3)
    OR EXISTS (SELECT 1 FROM work_orders AS w
      WHERE w.assigned_to = ?1 AND w.closed_s IS NULL
        AND (w.device_id = d.id OR w.location_id = d.location_id)))`;

export function d1RelationStore(db: D1Database): RelationStore {
  return {
    works: async (userId, deviceId, preparedSinceS) =>
      (await db.prepare(WORKS).bind(userId, deviceId, preparedSinceS).first('works')) !== null,
  };
}
