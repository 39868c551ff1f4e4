/** Heartbeats in D1: one batch that proves the token, remembers, and hands out what waits. */

import type { UnitFacts } from '../../domain/credential.ts';
import type { HeartbeatEntry, HeartbeatStore } from '../../domain/heartbeat.ts';
import type { RequestWindow } from '../../domain/rate-limit.ts';
import { commandStatement, deliveredCommand } from './command-delivery.ts';
import { PROVEN, type Prepare, prepareFor, selectFacts } from './credential.ts';
import { countStatements, within } from './rate-limit.ts';

/** A proven unit within its limit; it writes nothing of any other. */
const ALLOWED = `${PROVEN} AND ${within('heartbeat')}`;

export function d1HeartbeatStore(db: D1Database): HeartbeatStore {
  return {
    async record(entry, credential) {
      const prepare = prepareFor(db, credential);
      const nowS = Math.floor(entry.received_ms / 1000);
      const { ack } = entry.heartbeat;
      const results = await db.batch<unknown>([
        selectFacts(db, credential.device_id),
        ...countStatements(prepare, 'heartbeat', nowS),
        insertHeartbeat(prepare, entry),
        touchUnit(prepare, entry, nowS),
        commandStatement(prepare, nowS, {
          ack,
          acknowledges: entry.acknowledges,
          inHeartbeat: true,
          allowed: ALLOWED,
        }),
      ]);
      return {
        device: (results[0]?.results[0] as UnitFacts | undefined) ?? null,
        window: (results[2]?.results[0] as RequestWindow | undefined) ?? null,
        command: deliveredCommand(results.at(-1)),
      };
    },
  };
}

/** Two heartbeats in one millisecond are one that came twice. */
function insertHeartbeat(prepare: Prepare, entry: HeartbeatEntry): D1PreparedStatement {
  const { firmware, uptime_s, cell_rssi_dbm, battery_pct } = entry.heartbeat;
  const sql = `INSERT INTO heartbeats
      (device_id, received_ms, firmware, uptime_s, cell_rssi_dbm, battery_pct, radio, location_id)
    SELECT id, ?3, ?4, ?5, ?6, ?7, ?8, location_id FROM devices WHERE ${ALLOWED}
    ON CONFLICT DO NOTHING`;
  const values = [entry.received_ms, firmware, uptime_s, cell_rssi_dbm, battery_pct];
  return prepare(sql, ...values, radioOf(entry));
}

/** What 6.0 does not mention works; 5.x says nothing of it. */
function radioOf({ heartbeat, acknowledges }: HeartbeatEntry): number | null {
  return acknowledges ? (heartbeat.radio ?? 0) : null;
}

function touchUnit(prepare: Prepare, entry: HeartbeatEntry, nowS: number) {
  const sql = `UPDATE devices SET
      last_seen_s = ?3,
      first_heartbeat_s = COALESCE(first_heartbeat_s, ?3),
      first_reading_s = COALESCE(first_reading_s, (SELECT MIN(r.received_s) FROM readings AS r
        WHERE r.device_id = ?1 AND r.generation = devices.generation)),
      firmware = COALESCE(?4, firmware),
      cell_rssi_dbm = COALESCE(?5, cell_rssi_dbm),
      battery_pct = COALESCE(?6, battery_pct),
      radio = ?7,
      radio_since_s = CASE WHEN ?7 <> 0 THEN COALESCE(radio_since_s, ?3) END
    WHERE ${ALLOWED}`;
  const { firmware, cell_rssi_dbm, battery_pct } = entry.heartbeat;
  return prepare(sql, nowS, firmware, cell_rssi_dbm, battery_pct, radioOf(entry) ?? 0);
}
