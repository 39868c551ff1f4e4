/** Retention in D1: bounded deletes along the keys. Knows no times. */
import type { RetentionStore } from '../domain/retention.ts';

/**
 * The key of readings begins with the unit, so each unit's oldest are next to each other: one step
 * into the key for each unit instead of an index by time, which every reading would have to write.
 */
const READINGS = `DELETE FROM readings WHERE (device_id, period_start_s, variant) IN (
  SELECT r.device_id, r.period_start_s, r.variant
  FROM devices AS d CROSS JOIN readings AS r
  WHERE r.device_id = d.id AND r.period_start_s < ?1 LIMIT ?2)`;
const HEARTBEATS = `DELETE FROM heartbeats WHERE (device_id, received_ms) IN (
  SELECT h.device_id, h.received_ms
  FROM devices AS d CROSS JOIN heartbeats AS h
  WHERE h.device_id = d.id AND h.received_ms < ?1 LIMIT ?2)`;
const WEBHOOKS = `DELETE FROM hologram_messages
  WHERE (hologram_device_id, received, data_sha256) IN (
    SELECT hologram_device_id, received, data_sha256 FROM hologram_messages
    WHERE received_s < ?1 LIMIT ?2)`;

export function d1RetentionStore(db: D1Database): RetentionStore {
  return {
    async purge(limits, rowsMax) {
      const { readings_before_s, heartbeats_before_s, webhooks_before_s } = limits;
      const results = await db.batch([
        db.prepare(READINGS).bind(readings_before_s, rowsMax),
        db.prepare(HEARTBEATS).bind(heartbeats_before_s * 1000, rowsMax),
        db.prepare(WEBHOOKS).bind(webhooks_before_s, rowsMax),
      ]);
      const [readings = 0, heartbeats = 0, webhooks = 0] = results.map((r) => r.meta.changes);
      return { readings, heartbeats, webhooks };
    },
  };
}
