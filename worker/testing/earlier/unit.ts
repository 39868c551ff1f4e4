/** Units with what their rows say of their contacts. */
import { ifHis } from '../../d1/placement.ts';
import type { Unit, UnitStore } from '../../domain/unit.ts';

const SELECT = `SELECT d.id, d.token_sha256, d.mac, d.status, d.location_id, k.firmware,
    d.registered_s, d.released_s, d.located_s,
    COALESCE(d.settled_ms, d.registered_s * 1000) AS settled_ms,
    ${ifHis('?2', 'd.first_heartbeat_s')} AS first_heartbeat_s,
    ${ifHis('?2', 'k.first_reading_s')} AS first_reading_s,
    ${ifHis('?2', 'k.last_seen_s')} AS last_seen_s, d.radio
  FROM devices AS d JOIN device_contacts AS k ON k.device_id = d.id`;
const FIND = `${SELECT} WHERE d.id = ?1`;
const OF_CHIP = `${SELECT} WHERE d.mac = ?1 ORDER BY d.registered_s DESC LIMIT 20`;

export function d1UnitFinds(db: D1Database): Pick<UnitStore, 'find' | 'ofChip'> {
  return {
    find: (id, ownerId) =>
      db
        .prepare(FIND)
        .bind(id, ownerId ?? null)
        .first<Unit>(),
    ofChip: async (mac) => (await db.prepare(OF_CHIP).bind(mac, null).all<Unit>()).results,
  };
}
