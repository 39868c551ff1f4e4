/**
 * Single units, and the admin API's lists, as the registry knows them, with its copies of contacts.
 * What shards know is laid over them (worker/domain/shard-units.ts).
 */
import type { Stats } from '../domain/admin-list.ts';
import type {
  ListRegistry,
  RegistryEntry,
  RegistryUnit,
  UnitRegistry,
} from '../domain/shard-units.ts';
import { notHis } from './placement.ts';

const SELECT = `SELECT d.id, d.token_sha256, d.mac, d.status, d.location_id, k.firmware,
    d.registered_s, d.released_s, d.located_s,
    COALESCE(d.settled_ms, d.registered_s * 1000) AS settled_ms, d.generation,
    d.first_heartbeat_s, k.first_reading_s, k.last_seen_s, d.radio, k.cell_rssi_dbm,
    k.battery_pct, ${notHis('?2')} AS not_his_s
  FROM devices AS d JOIN device_contacts AS k ON k.device_id = d.id`;
const FIND = `${SELECT} WHERE d.id = ?1`;
const OF_CHIP = `${SELECT} WHERE d.mac = ?1 ORDER BY d.registered_s DESC LIMIT 20`;
const DEVICES = `SELECT d.id AS device_id, d.status, d.location_id, k.firmware, d.mac,
    d.config_version, d.registered_s, k.last_seen_s, k.cell_rssi_dbm, k.battery_pct, d.latitude,
    d.longitude, d.time_zone, d.place_source, d.anomaly_reason, d.anomaly_since_s,
    d.hologram_device_id, d.generation
  FROM devices AS d JOIN device_contacts AS k ON k.device_id = d.id
  WHERE d.id > ?1 ORDER BY d.id LIMIT ?2`;

const UNIT_COUNTS = `SELECT COUNT(*) AS total,
    COUNT(CASE WHEN status = 'active' THEN 1 END) AS active,
    COUNT(CASE WHEN status = 'inactive' THEN 1 END) AS inactive,
    COUNT(CASE WHEN status = 'maintenance' THEN 1 END) AS maintenance,
    COUNT(anomaly_since_s) AS anomalous
  FROM devices`;

export function d1UnitRegistry(db: D1Database): UnitRegistry {
  return {
    find: (id, ownerId) =>
      db
        .prepare(FIND)
        .bind(id, ownerId ?? null)
        .first<RegistryUnit>(),
    ofChip: async (mac) => (await db.prepare(OF_CHIP).bind(mac, null).all<RegistryUnit>()).results,
  };
}

export function d1ListRegistry(db: D1Database): ListRegistry {
  return {
    async units(afterId, limit) {
      return (await db.prepare(DEVICES).bind(afterId, limit).all<RegistryEntry>()).results;
    },
    async stats() {
      const [devices, waiting] = await db.batch<Record<string, number>>([
        db.prepare(UNIT_COUNTS),
        db.prepare('SELECT COUNT(*) AS n FROM commands WHERE outcome IS NULL'),
      ]);
      return {
        devices: devices?.results[0] as unknown as Stats['devices'],
        commands_waiting: waiting?.results[0]?.n ?? 0,
      };
    },
    async locations() {
      const { results } = await db.prepare('SELECT id FROM locations').all<{ id: string }>();
      return results.map(({ id }) => id);
    },
  };
}
