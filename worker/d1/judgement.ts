/** Administrators' words on readings, and their traces, in D1. */
import type { Change } from '../domain/audit.ts';
import type { Stretch } from '../domain/judgement.ts';
import { auditAlways } from './audit.ts';
import { closeTables } from './cut-over.ts';

export const REMEMBER = `INSERT INTO judgements (device_id, at_ms, from_s, to_s, is_counted)
  VALUES (?1, ?5, ?2, ?3, ?4) ON CONFLICT DO UPDATE
  SET from_s = excluded.from_s, to_s = excluded.to_s, is_counted = excluded.is_counted`;

/** The word itself and its trace; what follows from it is the shard's. */
export function d1Judgements(db: D1Database) {
  return async ({ device_id, from_s, to_s }: Stretch, isCounted: boolean, change: Change) => {
    const values = [device_id, from_s, to_s, isCounted ? 1 : 0, change.at_ms];
    await db.batch([
      closeTables(db, change.at_ms),
      db.prepare(REMEMBER).bind(...values),
      auditAlways(db, change),
    ]);
  };
}
