/**
 * What proves a unit, in D1: the facts for authentication, the guard that makes every write depend
 * on the right token, and a new token in the old one's place.
 */
import type { Credential, CredentialStore, UnitFacts, UnitFinder } from '../domain/credential.ts';
import { alertOwner } from './alert.ts';
import { FLOODS_HERE } from './anomaly.ts';
import { auditIfChanged } from './audit.ts';
import { queueStatements } from './command.ts';

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

export function d1UnitFinder(db: D1Database): UnitFinder {
  return {
    facts: (deviceId) => selectFacts(db, deviceId).first<UnitFacts>(),
    async isHeld(tokenSha256) {
      const sql = "SELECT 1 FROM devices WHERE token_sha256 = ?1 AND status <> 'inactive' LIMIT 1";
      return (await db.prepare(sql).bind(tokenSha256).first()) !== null;
    },
  };
}

export function d1CredentialStore(db: D1Database): CredentialStore {
  return {
    async reissue(id, sha256, first, change) {
      const sql = `UPDATE devices SET token_sha256 = ?2, registered_s = ?3, settled_ms = ?4,
          prepared_by = ?5,
          generation = generation + 1,
          first_heartbeat_s = NULL, first_reading_s = NULL, last_seen_s = NULL,
          cell_rssi_dbm = NULL, battery_pct = NULL, radio = 0, radio_since_s = NULL
        WHERE id = ?1`;
      const [updated] = await db.batch([
        db.prepare(sql).bind(id, sha256, first.queued_s, change.at_ms, change.actor),
        auditIfChanged(db, change),
        alertOwner(db, change),
        ...queueStatements(db, first),
      ]);
      return (updated?.meta.changes ?? 0) > 0;
    },
  };
}
