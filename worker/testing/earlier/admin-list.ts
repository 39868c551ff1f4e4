/** Lists and counts of the admin API, in D1: each page is one step into a key or an index. */

import { d1ListRegistry } from '../../d1/unit-registry.ts';
import type {
  AdminListStore,
  HeartbeatRow,
  ReadingRow,
  UnitEntry,
} from '../../domain/admin-list.ts';

const DEVICES = `SELECT d.id AS device_id, d.status, d.location_id, k.firmware, d.mac,
    d.config_version, d.registered_s, k.last_seen_s, k.cell_rssi_dbm, k.battery_pct, d.latitude,
    d.longitude, d.time_zone, d.place_source, d.anomaly_reason, d.anomaly_since_s,
    d.hologram_device_id
  FROM devices AS d JOIN device_contacts AS k ON k.device_id = d.id
  WHERE d.id > ?1 ORDER BY d.id LIMIT ?2`;
const DAY_S = 86_400;
const READINGS_SUMMED = `SELECT COALESCE(SUM(r.readings), 0) AS n
  FROM locations AS l CROSS JOIN rollups AS r
    ON r.location_id = l.id AND r.bucket_start_s >= ?1`;

export function d1AdminListStore(db: D1Database): AdminListStore {
  const all = async <T>(sql: string, ...values: unknown[]) =>
    (
      await db
        .prepare(sql)
        .bind(...values)
        .all<T>()
    ).results;
  return {
    units: (afterId, limit) => all<UnitEntry>(DEVICES, afterId, limit),
    readings(deviceId, before, limit) {
      const { device_id, period_start_s, variant } = before ?? {
        device_id: '~',
        period_start_s: Number.MAX_SAFE_INTEGER,
        variant: '~',
      };
      if (deviceId !== undefined) {
        const sql = `SELECT * FROM readings
          WHERE device_id = ?1 AND (period_start_s, variant) < (?2, ?3)
          ORDER BY period_start_s DESC, variant DESC LIMIT ?4`;
        return all<ReadingRow>(sql, deviceId, period_start_s, variant, limit);
      }
      // By unit, then newest first: the order of the key, read backwards.
      const sql = `SELECT * FROM readings
        WHERE (device_id, period_start_s, variant) < (?1, ?2, ?3)
        ORDER BY device_id DESC, period_start_s DESC, variant DESC LIMIT ?4`;
      return all<ReadingRow>(sql, device_id, period_start_s, variant, limit);
    },
    heartbeats(deviceId, before, limit) {
      const { received_ms, device_id } = before ?? {
        received_ms: Number.MAX_SAFE_INTEGER,
        device_id: '',
      };
      if (deviceId !== undefined) {
        const sql = `SELECT * FROM heartbeats WHERE device_id = ?1 AND received_ms < ?2
          ORDER BY received_ms DESC LIMIT ?3`;
        return all<HeartbeatRow>(sql, deviceId, received_ms, limit);
      }
      const sql = `SELECT * FROM heartbeats WHERE (received_ms, device_id) < (?1, ?2)
        ORDER BY received_ms DESC, device_id DESC LIMIT ?3`;
      return all<HeartbeatRow>(sql, received_ms, device_id, limit);
    },
    async stats(nowS) {
      const [counts, [readings]] = await Promise.all([
        d1ListRegistry(db).stats(),
        all<{ n: number }>(READINGS_SUMMED, nowS - DAY_S),
      ]);
      return { ...counts, readings_24h: readings?.n ?? 0 };
    },
  };
}
