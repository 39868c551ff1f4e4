/** Counts for the status page. Asks tables that grow only through an index of what is open. */
import type { RegistryCounts, RegistryStatus } from '../domain/shard-units.ts';

/** The ids there are bound units, the shops one has locations and people. */
const COUNTS = `SELECT
  (SELECT COUNT(*) FROM devices) AS units,
  (SELECT COUNT(*) FROM devices WHERE status = 'active') AS units_active,
  (SELECT COUNT(*) FROM devices WHERE anomaly_since_s IS NOT NULL) AS units_anomalous,
  (SELECT COUNT(*) FROM locations) AS locations,
  (SELECT COUNT(*) FROM people) AS people,
  (SELECT COUNT(*) FROM alerts WHERE ended_s IS NULL) AS alerts_open,
  (SELECT COUNT(*) FROM commands WHERE outcome IS NULL) AS commands_waiting,
  (SELECT COUNT(*) FROM work_orders WHERE closed_s IS NULL) AS work_orders_open,
  (SELECT COUNT(*) FROM alerts
    WHERE mailed_s IS NULL OR (ended_s IS NOT NULL AND end_mailed_s IS NULL)) AS alerts_unmailed,
  (SELECT COUNT(*) FROM notices WHERE mailed_ms IS NULL) AS notices_unmailed,
  (SELECT COUNT(*) FROM dismissals) AS dismissals_waiting,
  (SELECT COUNT(*) FROM erasures) AS erasures_waiting`;

export function d1StatusStore(db: D1Database): RegistryStatus {
  return {
    ping: async () => {
      await db.prepare('SELECT 1').run();
    },
    async counts() {
      const row = await db.prepare(COUNTS).first<RegistryCounts>();
      if (!row) throw new Error('an aggregate gave no row');
      return row;
    },
    async syncedS() {
      const sql = 'SELECT synced_s FROM sync_state WHERE only = 1';
      return (await db.prepare(sql).first<number>('synced_s')) || null;
    },
  };
}
