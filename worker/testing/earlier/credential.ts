/** The guard that made every write of a unit's request depend on the right token. */
import { FACTS } from '../../d1/credential.ts';
import type { Credential } from '../../domain/credential.ts';

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
  return db.prepare(FACTS).bind(deviceId);
}
