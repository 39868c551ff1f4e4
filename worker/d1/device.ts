/**
 * SQL about a unit's own row that readings and heartbeats share: the facts for authentication, the
 * guard that makes every write depend on the right token, and the pending command.
 */
import type { PendingCommand } from '../domain/command.ts';
import type { Credential, DeviceFacts, DeviceFinder } from '../domain/device.ts';
import { FLOODS_HERE } from './anomaly.ts';

/**
 * Rows of `devices` that a credential proves: ?1 = unit id, ?2 = SHA-256 of its token. Every write
 * of a device request selects from here, so a wrong token writes nothing in the same round trip
 * that finds it wrong.
 */
export const PROVEN = "id = ?1 AND token_sha256 = ?2 AND status <> 'inactive'";

/** Statements of one device request, with the credential bound first to each. */
export type Prepare = (sql: string, ...values: unknown[]) => D1PreparedStatement;

/** A `prepare` that binds the credential as ?1 and ?2, further values from ?3 on. */
export function prepareFor(db: D1Database, who: Credential): Prepare {
  return (sql, ...values) =>
    db.prepare(sql).bind(who.device_id, who.token_sha256, ...values.map((v) => v ?? null));
}

/** The unit's facts by its id, whether or not the token is right. */
export function selectFacts(db: D1Database, deviceId: string): D1PreparedStatement {
  return db
    .prepare(
      `SELECT token_sha256, status, config_version, ${FLOODS_HERE} AS floods
       FROM devices WHERE id = ?1`,
    )
    .bind(deviceId);
}

export function d1DeviceFinder(db: D1Database): DeviceFinder {
  return {
    facts: (deviceId) => selectFacts(db, deviceId).first<DeviceFacts>(),
    async isHeld(tokenSha256) {
      const sql = "SELECT 1 FROM devices WHERE token_sha256 = ?1 AND status <> 'inactive' LIMIT 1";
      return (await db.prepare(sql).bind(tokenSha256).first()) !== null;
    },
  };
}

/** How a unit hears of commands. */
export interface Hearing {
  /** Id of the command that the request says was carried out. */
  ack: string | undefined;
  /** v6 is told until it acknowledges; older units are told once. */
  acknowledges: boolean;
  /** v5.x knows `fetch_config` in heartbeat answers only; elsewhere it would be gone unheard. */
  inHeartbeat: boolean;
  /** Which rows of `devices` may hear; {@link PROVEN} and perhaps more. */
  allowed?: string;
}

/**
 * Settles the one command that waits if it is acknowledged or too old, else hands it out. A unit
 * that acknowledges keeps its command pending; any other is told once. Costs no write when nothing
 * waits. The result is for {@link commandTold}.
 */
export function commandStatement(
  prepare: Prepare,
  nowS: number,
  { ack, acknowledges, inHeartbeat, allowed = PROVEN }: Hearing,
): D1PreparedStatement {
  const becomes = `CASE WHEN id = ?4 THEN 'acked' WHEN expires_s <= ?3 THEN 'expired'
    WHEN ?5 = 1 THEN NULL ELSE 'delivered' END`;
  const sql = `UPDATE commands SET
      outcome = ${becomes},
      settled_s = CASE WHEN ${becomes} IS NULL THEN NULL ELSE ?3 END,
      delivered_s = CASE WHEN id = ?4 OR expires_s <= ?3 THEN delivered_s
        ELSE COALESCE(delivered_s, ?3) END
    WHERE device_id = ?1 AND outcome IS NULL
      AND EXISTS (SELECT 1 FROM devices WHERE ${allowed})
      AND (id = ?4 OR expires_s <= ?3 OR ?5 = 1 OR ?6 = 1 OR name <> 'fetch_config')
    RETURNING id, name, outcome IS NULL OR outcome = 'delivered' AS is_told`;
  const flag = (value: boolean) => (value ? 1 : 0);
  return prepare(sql, nowS, ack, flag(acknowledges), flag(inHeartbeat));
}

/** The command that {@link commandStatement} handed out, if any. */
export function commandTold(result: D1Result<unknown> | undefined): PendingCommand | null {
  const row = result?.results[0] as (PendingCommand & { is_told: 0 | 1 }) | undefined;
  return row?.is_told === 1 ? { id: row.id, name: row.name } : null;
}

/**
 * Brings a unit's row up to date where last_seen_s is ?1 or older although readings came since: to
 * be run before anyone is said to be silent, and before readings are too old to be kept. Writes at
 * most one row a unit and day, and none for a unit that sends its daily heartbeat.
 */
export const CATCH_UP_SQL = `UPDATE devices SET
    last_seen_s = c.last_seen_s, first_reading_s = c.first_reading_s,
    cell_rssi_dbm = c.cell_rssi_dbm, firmware = c.firmware, battery_pct = c.battery_pct
  FROM device_contacts AS c
  WHERE c.device_id = devices.id AND COALESCE(devices.last_seen_s, 0) <= ?1
    AND c.last_seen_s > COALESCE(devices.last_seen_s, 0)`;
