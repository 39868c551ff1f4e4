/** PINs in D1: the keyed hash, wrong tries, the lock. */
import { type PinState, type PinStore, WRONG_TRIES_MAX } from '../domain/pin.ts';
import { auditIfChanged } from './audit.ts';

export function d1PinStore(db: D1Database): PinStore {
  return {
    async set(deviceId, pinHmac, change) {
      const sql = `INSERT INTO device_pins (device_id, pin_hmac)
        SELECT id, ?2 FROM devices WHERE id = ?1
        ON CONFLICT DO UPDATE SET pin_hmac = excluded.pin_hmac, wrong_tries = 0,
          locked_until_s = 0`;
      const stored = db.prepare(sql).bind(deviceId, pinHmac);
      const [result] = await db.batch([stored, auditIfChanged(db, change)]);
      return (result?.meta.changes ?? 0) > 0;
    },
    async begin(deviceId, nowS, lockUntilS) {
      const state = `SELECT pin_hmac, locked_until_s FROM device_pins WHERE device_id = ?1`;
      const count = `UPDATE device_pins SET
          wrong_tries = CASE WHEN wrong_tries + 1 >= ${WRONG_TRIES_MAX} THEN 0
            ELSE wrong_tries + 1 END,
          locked_until_s = CASE WHEN wrong_tries + 1 >= ${WRONG_TRIES_MAX} THEN ?3 ELSE 0 END
        WHERE device_id = ?1 AND locked_until_s <= ?2`;
      const [before] = await db.batch<PinState>([
        db.prepare(state).bind(deviceId),
        db.prepare(count).bind(deviceId, nowS, lockUntilS),
      ]);
      return before?.results[0] ?? null;
    },
    async succeed(deviceId) {
      const sql = `UPDATE device_pins SET wrong_tries = 0, locked_until_s = 0
        WHERE device_id = ?1`;
      await db.prepare(sql).bind(deviceId).run();
    },
  };
}
