/**
 * SQL about a unit's own row that readings and heartbeats share: the facts for authentication, the
 * guard that makes every write depend on the right token, and the pending command.
 */
import type { CommandName } from '../domain/command.ts';
import type { Credential, DeviceFacts, DeviceFinder } from '../domain/device.ts';

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
    .prepare('SELECT token_sha256, status, config_version FROM devices WHERE id = ?1')
    .bind(deviceId);
}

export function d1DeviceFinder(db: D1Database): DeviceFinder {
  return { facts: (deviceId) => selectFacts(db, deviceId).first<DeviceFacts>() };
}

/** The one pending command, as `RETURNING` hands it out. */
export interface CommandRow {
  id: string;
  name: CommandName;
}

/**
 * Settles what is acknowledged or too old, then hands out what waits. A unit that acknowledges
 * keeps its command pending; any other is told once. Costs no write when nothing waits.
 */
export function commandStatements(
  prepare: Prepare,
  nowS: number,
  ack: string | undefined,
  acknowledges: boolean,
): D1PreparedStatement[] {
  const proven = `EXISTS (SELECT 1 FROM devices WHERE ${PROVEN})`;
  const settle = `UPDATE commands
    SET outcome = CASE WHEN id = ?4 THEN 'acked' ELSE 'expired' END
    WHERE device_id = ?1 AND outcome IS NULL AND (id = ?4 OR expires_s <= ?3) AND ${proven}`;
  const handOut = `UPDATE commands
    SET delivered_s = COALESCE(delivered_s, ?3),
        outcome = CASE WHEN ?4 = 1 THEN NULL ELSE 'delivered' END
    WHERE device_id = ?1 AND outcome IS NULL AND ${proven}
    RETURNING id, name`;
  return [prepare(settle, nowS, ack), prepare(handOut, nowS, acknowledges ? 1 : 0)];
}
