/** Hours of requests in D1: one row a unit and kind, exact across isolates. */

import type { UnitFacts } from '../../domain/credential.ts';
import {
  type AdmissionStore,
  HOUR_S,
  HOURLY,
  type LimitedKind,
  type RequestWindow,
} from '../../domain/rate-limit.ts';
import { PROVEN, type Prepare, prepareFor, selectFacts } from './credential.ts';

/** Counts a proven unit's request, then reads the count. A refusal costs no write. */
export function countStatements(prepare: Prepare, kind: LimitedKind, nowS: number) {
  const over = `?3 - request_windows.started_s NOT BETWEEN 0 AND ${HOUR_S - 1}`;
  const count = `INSERT INTO request_windows (device_id, kind, started_s, requests)
    SELECT id, ?4, ?3, 1 FROM devices WHERE ${PROVEN}
    ON CONFLICT DO UPDATE SET
      started_s = CASE WHEN ${over} THEN ?3 ELSE started_s END,
      requests = CASE WHEN ${over} THEN 1 ELSE requests + 1 END
    WHERE ${over} OR requests <= ${HOURLY[kind]}`;
  const read = `SELECT started_s, requests FROM request_windows
    WHERE device_id = ?1 AND kind = ?3 AND EXISTS (SELECT 1 FROM devices WHERE ${PROVEN})`;
  return [prepare(count, nowS, kind), prepare(read, kind)] as const;
}

/** Goes beside PROVEN behind {@link countStatements}: the request is within its limit. */
export function within(kind: LimitedKind): string {
  return `(SELECT requests FROM request_windows
    WHERE device_id = ?1 AND kind = '${kind}') <= ${HOURLY[kind]}`;
}

export function d1AdmissionStore(db: D1Database): AdmissionStore {
  return {
    async admit(who, kind, nowS) {
      const statements = countStatements(prepareFor(db, who), kind, nowS);
      const results = await db.batch([selectFacts(db, who.device_id), ...statements]);
      return {
        device: (results[0]?.results[0] as UnitFacts | undefined) ?? null,
        window: (results[2]?.results[0] as RequestWindow | undefined) ?? null,
      };
    },
  };
}
