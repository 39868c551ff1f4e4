/** What proves a unit, in D1: facts for authentication, and a new token in the old one's place. */
import type { CredentialStore, UnitFacts, UnitFinder } from '../domain/credential.ts';
import { alertOwner } from './alert.ts';
import { FLOODS_HERE } from './anomaly.ts';
import { auditIfChanged } from './audit.ts';
import { queueStatements } from './command.ts';

export const FACTS = `SELECT token_sha256, status, config_version, ${FLOODS_HERE} AS floods
  FROM devices WHERE id = ?1`;

export function d1UnitFinder(db: D1Database): UnitFinder {
  return {
    facts: (deviceId) => db.prepare(FACTS).bind(deviceId).first<UnitFacts>(),
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
