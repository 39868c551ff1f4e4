/** Work orders in D1. */
import type { WorkOrderFilter, WorkOrderRow, WorkOrderStore } from '../domain/work-order.ts';
import { auditIfChanged } from './audit.ts';

const COLUMNS = `id, kind, location_id, device_id, note, created_s, created_by, assigned_to,
  closed_s, closed_by, outcome`;

/** Nobody, or somebody who can do it still: dismissed or made an owner since he was looked up? */
const INSTALLS = (who: string) =>
  `(${who} IS NULL OR EXISTS (SELECT 1 FROM people WHERE user_id = ${who} AND role <> 'owner'))`;

export function d1WorkOrderStore(db: D1Database): WorkOrderStore {
  return {
    async add(o, change) {
      const insert = db
        .prepare(
          `INSERT INTO work_orders
             (id, kind, location_id, device_id, note, created_s, created_by, assigned_to)
           SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE ${INSTALLS('?8')}`,
        )
        .bind(
          ...[o.id, o.kind, o.location_id, o.device_id],
          ...[o.note, o.created_s, o.created_by, o.assigned_to],
        );
      const [inserted] = await db.batch([insert, auditIfChanged(db, change)]);
      return (inserted?.meta.changes ?? 0) > 0;
    },
    find: (id) =>
      db.prepare(`SELECT ${COLUMNS} FROM work_orders WHERE id = ?1`).bind(id).first<WorkOrderRow>(),
    list: async (filter) => (await listing(db, filter).all<WorkOrderRow>()).results,
    async assign(id, to, expected, change) {
      const sql = `UPDATE work_orders SET assigned_to = ?2
        WHERE id = ?1 AND closed_s IS NULL AND assigned_to IS ?3
          AND ${INSTALLS('?2')}`;
      const update = db.prepare(sql).bind(id, to, expected);
      const [updated] = await db.batch([update, auditIfChanged(db, change)]);
      return (updated?.meta.changes ?? 0) > 0;
    },
    async close(order, change) {
      const sql = `UPDATE work_orders SET closed_s = ?2, closed_by = ?3, outcome = ?4, note = ?5
        WHERE id = ?1 AND closed_s IS NULL AND assigned_to IS ?6`;
      const { id, closed_s, closed_by, outcome, note, assigned_to } = order;
      const update = db.prepare(sql).bind(id, closed_s, closed_by, outcome, note, assigned_to);
      const [updated] = await db.batch([update, auditIfChanged(db, change)]);
      return (updated?.meta.changes ?? 0) > 0;
    },
  };
}

/** After every id there is: hex digits sort before it. */
const BEHIND_ALL = 'g';

function listing(db: D1Database, filter: WorkOrderFilter): D1PreparedStatement {
  const { openOnly, forInstaller, beforeId, limit } = filter;
  const open = openOnly ? 'AND closed_s IS NULL' : '';
  const below = beforeId ?? BEHIND_ALL;
  if (forInstaller === undefined) {
    const sql = `SELECT ${COLUMNS} FROM work_orders WHERE id < ?1 ${open}
      ORDER BY id DESC LIMIT ?2`;
    return db.prepare(sql).bind(below, limit);
  }
  const sql = `SELECT ${COLUMNS} FROM work_orders
    WHERE id < ?1 AND (assigned_to = ?3 OR assigned_to IS NULL) ${open}
    ORDER BY id DESC LIMIT ?2`;
  return db.prepare(sql).bind(below, limit, forInstaller);
}
