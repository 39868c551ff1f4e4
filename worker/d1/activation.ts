/** A unit taken to a location by its label, in D1. */
import type { ActivationStore } from '../domain/activation.ts';
import { auditIfChanged } from './audit.ts';

export function d1ActivationStore(db: D1Database): ActivationStore {
  return {
    async activate(id, to, from, change) {
      const sql = `UPDATE devices SET location_id = ?2, settled_ms = ?4,
          located_s = ?5
        WHERE id = ?1 AND location_id IS ?3 AND status <> 'inactive'`;
      const update = db
        .prepare(sql)
        .bind(id, to, from, change.at_ms, Math.floor(change.at_ms / 1000));
      const [updated] = await db.batch([update, auditIfChanged(db, change)]);
      return (updated?.meta.changes ?? 0) > 0;
    },
  };
}
