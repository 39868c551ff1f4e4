/** Brakes in D1: one row a key, counted and begun anew by one statement. */
import type { BrakeCount, BrakeStore } from '../domain/brake.ts';

/** ?1 key, ?2 now, ?3 end of a time that begins now, ?4 where counting stops. */
const TAKE = `INSERT INTO brakes (key, taken, ends_s) VALUES (?1, 1, ?3)
  ON CONFLICT (key) DO UPDATE SET
    taken = CASE WHEN ends_s <= ?2 THEN 1 ELSE MIN(taken + 1, MAX(taken, ?4)) END,
    ends_s = CASE WHEN ends_s <= ?2 THEN excluded.ends_s ELSE ends_s END
  RETURNING taken, ends_s`;
const GIVE_BACK = `UPDATE brakes SET taken = taken - 1
  WHERE taken > 0 AND key IN (SELECT value FROM json_each(?1))`;
const MARK_TOLD = 'UPDATE brakes SET taken = taken + 1 WHERE key = ?1 AND taken = ?2';

export function d1BrakeStore(db: D1Database): BrakeStore {
  return {
    async take({ key, max, window_s }, nowS) {
      const take = db.prepare(TAKE).bind(key, nowS, nowS + window_s, max + 1);
      return (await take.first<BrakeCount>()) ?? { taken: max + 1, ends_s: nowS + window_s };
    },
    async markTold({ key, max }) {
      await db
        .prepare(MARK_TOLD)
        .bind(key, max + 1)
        .run();
    },
    async giveBack(keys) {
      await db.prepare(GIVE_BACK).bind(JSON.stringify(keys)).run();
    },
    async clear(key) {
      await db.prepare('DELETE FROM brakes WHERE key = ?1').bind(key).run();
    },
  };
}
