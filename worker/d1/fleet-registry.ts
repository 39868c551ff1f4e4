/**
 * The fleet as the registry knows it: which units there are, who may see them, and what was last
 * copied of their contacts. What shards know, they are asked (worker/domain/shard-fleet.ts).
 */
import type { FleetRegistry, RegistryDetail, RegistryRow } from '../domain/shard-fleet.ts';
import { INTERVAL_S } from './interval.ts';
import { ifHis, notHis, placedSince } from './placement.ts';

const COLUMNS = `d.id, d.name, d.location_id, l.name AS location_name, d.status, d.anomaly_reason,
  d.anomaly_since_s, d.latitude, d.longitude,
  ${INTERVAL_S} AS report_interval_s,
  d.generation, d.radio, k.firmware, k.last_seen_s, k.first_reading_s, d.first_heartbeat_s,
  k.cell_rssi_dbm, k.battery_pct,
  ${placedSince('d.id')} AS placed_since_s, ${notHis('?1')} AS not_his_s`;
const DETAIL = `d.mac, d.registered_s, d.config_version, d.place_source, d.accuracy_m,
  d.time_zone, (SELECT a.at_ms FROM audit AS a WHERE a.target = 'unit:' || d.id
    AND a.action = 'unit.config' ORDER BY a.id DESC LIMIT 1) AS config_since_ms`;
const FROM = `FROM devices AS d JOIN device_contacts AS k ON k.device_id = d.id
  LEFT JOIN locations AS l ON l.id = d.location_id
  LEFT JOIN device_configs AS c ON c.device_id = d.id`;
/** ?1 = owner, or null for those who see everything. */
export const VISIBLE = `(?1 IS NULL OR EXISTS (SELECT 1 FROM visible_places AS m
  WHERE m.user_id = ?1 AND m.location_id = d.location_id))`;

/** ?6 = ids as a JSON list, ?7 = the last one up to which it is complete. */
const AMONG = `AND (?7 IS NULL OR d.id <= ?7)
  AND (d.id IN (SELECT value FROM json_each(?6))
    OR d.id IN (SELECT device_id FROM shard_facts WHERE sent_revision < revision))`;

export function d1FleetRegistry(db: D1Database): FleetRegistry {
  return {
    async list({ ownerId, locationId, text, afterId, limit, onlyAnomalous, among }) {
      const sql = `SELECT ${COLUMNS} ${FROM}
        WHERE d.id > ?2 AND ${VISIBLE}
          AND (?3 IS NULL OR d.location_id = ?3)
          AND (?4 IS NULL OR d.id LIKE ?4 ESCAPE '!' OR d.name LIKE ?4 ESCAPE '!'
            OR l.name LIKE ?4 ESCAPE '!')
          ${onlyAnomalous ? `AND (${ifHis('?1', 'd.anomaly_since_s')}) IS NOT NULL` : ''}
          ${among ? AMONG : ''}
        ORDER BY d.id LIMIT ?5`;
      const pattern = text === undefined ? null : `%${text.replace(/[!%_]/g, '!$&')}%`;
      const values = [ownerId ?? null, afterId ?? '', locationId ?? null, pattern, limit];
      const named = among ? [JSON.stringify(among.ids), among.through] : [];
      const bound = db.prepare(sql).bind(...values, ...named);
      return (await bound.all<RegistryRow>()).results;
    },
    find: (id, ownerId) =>
      db
        .prepare(`SELECT ${COLUMNS}, ${DETAIL} ${FROM} WHERE d.id = ?2 AND ${VISIBLE}`)
        .bind(ownerId ?? null, id)
        .first<RegistryDetail>(),
    async placesOf(ownerId) {
      const sql = 'SELECT location_id FROM visible_places WHERE user_id = ?1';
      const { results } = await db.prepare(sql).bind(ownerId).all<{ location_id: string }>();
      return new Set(results.map(({ location_id }) => location_id));
    },
  };
}
