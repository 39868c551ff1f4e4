/** Counts for the status page. Asks tables that grow only through an index of what is open. */
import type { BackendStatus } from '../../shared/contracts/status.ts';
import type { StatusStore } from '../domain/status.ts';

const HOUR_S = 3600;
/** The ids there are bound units, the shops one has locations and people. */
const COUNTS = `SELECT
  (SELECT COUNT(*) FROM devices) AS units,
  (SELECT COUNT(*) FROM devices WHERE status = 'active') AS units_active,
  (SELECT COUNT(*) FROM device_contacts WHERE last_seen_s >= ?1) AS units_heard_last_hour,
  (SELECT COUNT(*) FROM devices WHERE anomaly_since_s IS NOT NULL) AS units_anomalous,
  (SELECT COUNT(*) FROM locations) AS locations,
  (SELECT COUNT(*) FROM people) AS people,
  (SELECT COUNT(*) FROM alerts WHERE ended_s IS NULL) AS alerts_open,
  (SELECT COUNT(*) FROM commands WHERE outcome IS NULL) AS commands_waiting,
  (SELECT COUNT(*) FROM work_orders WHERE closed_s IS NULL) AS work_orders_open`;

export function d1StatusStore(db: D1Database): StatusStore {
  return {
    ping: async () => {
      await db.prepare('SELECT 1').run();
    },
    async counts(nowS) {
      const row = await db
        .prepare(COUNTS)
        .bind(nowS - HOUR_S)
        .first<BackendStatus['counts']>();
      if (!row) throw new Error('an aggregate gave no row');
      return row;
    },
    async syncedS() {
      const sql = 'SELECT synced_s FROM sync_state WHERE only = 1';
      return (await db.prepare(sql).first<number>('synced_s')) || null;
    },
  };
}
