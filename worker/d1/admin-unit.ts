/** Units as the admin API registers and links them, in D1. */
import type { AdminUnitStore } from '../domain/admin-unit.ts';
import { auditIfChanged } from './audit.ts';
import { STANDS } from './command.ts';

export function d1AdminUnitStore(db: D1Database): AdminUnitStore {
  return {
    async add({ id, token_sha256, registered_s }, first, change) {
      // An id that an installer holds reserved is as good as taken.
      const put = `INSERT INTO devices (id, token_sha256, registered_s)
        SELECT ?1, ?2, ?3 WHERE NOT EXISTS
          (SELECT 1 FROM reservations WHERE device_id = ?1 AND expires_s > ?3)
        ON CONFLICT DO NOTHING`;
      const { name, queued_by, queued_s, expires_s } = first;
      // Directly after the trace, which follows the unit: changes() says whether the id was free.
      const queue = `INSERT INTO commands
          (device_id, id, name, queued_by, queued_s, expires_s, location_id)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ${STANDS} WHERE changes() > 0`;
      const [added] = await db.batch([
        db.prepare(put).bind(id, token_sha256, registered_s),
        auditIfChanged(db, change),
        db.prepare(queue).bind(id, first.id, name, queued_by, queued_s, expires_s),
      ]);
      return (added?.meta.changes ?? 0) > 0;
    },
    async link(id, hologramDeviceId, change) {
      const put = `UPDATE devices SET hologram_device_id = ?2 WHERE id = ?1 AND NOT EXISTS
        (SELECT 1 FROM devices AS o WHERE o.hologram_device_id = ?2 AND o.id <> ?1)`;
      const [linked, , found] = await db.batch([
        db.prepare(put).bind(id, hologramDeviceId),
        auditIfChanged(db, change),
        db.prepare('SELECT 1 FROM devices WHERE id = ?1').bind(id),
      ]);
      if ((linked?.meta.changes ?? 0) > 0) return 'linked';
      return found?.results.length ? 'taken' : 'no_unit';
    },
  };
}
