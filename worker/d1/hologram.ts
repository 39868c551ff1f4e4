/** Hologram's devices and messages in D1. */
import type { HologramStore } from '../domain/hologram.ts';

interface Found {
  device_id: string;
  token_sha256: string;
  seen: number;
}

export function d1HologramStore(db: D1Database): HologramStore {
  return {
    async look({ hologram_device_id, received, data_sha256 }) {
      const sql = `SELECT id AS device_id, token_sha256, EXISTS (
          SELECT 1 FROM hologram_messages
          WHERE hologram_device_id = ?1 AND received = ?2 AND data_sha256 = ?3) AS seen
        FROM devices WHERE hologram_device_id = ?1 AND status <> 'inactive'`;
      const bound = db.prepare(sql).bind(hologram_device_id, received, data_sha256);
      const found = await bound.first<Found>();
      if (!found) return { unit: null, seen: false };
      const { device_id, token_sha256, seen } = found;
      return { unit: { device_id, token_sha256 }, seen: seen === 1 };
    },
    async keep({ hologram_device_id, received, data_sha256 }, body, nowS) {
      const sql = `INSERT INTO hologram_messages
          (hologram_device_id, received, data_sha256, received_s, body_json)
        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING`;
      await db.prepare(sql).bind(hologram_device_id, received, data_sha256, nowS, body).run();
    },
  };
}
