/** PINs in D1: the keyed hashes. */
import type { PinHashes, PinStore } from '../domain/pin.ts';
import { auditIfChanged } from './audit.ts';

export function d1PinStore(db: D1Database): PinStore {
  return {
    async set(deviceId, { pin_hmac, secret_hmac, pepper_id }, change) {
      const sql = `INSERT INTO device_pins (device_id, pin_hmac, secret_hmac, pepper_id)
        SELECT id, ?2, ?3, ?4 FROM devices WHERE id = ?1
        ON CONFLICT DO UPDATE SET pin_hmac = excluded.pin_hmac,
          secret_hmac = excluded.secret_hmac, pepper_id = excluded.pepper_id`;
      const stored = db.prepare(sql).bind(deviceId, pin_hmac, secret_hmac, pepper_id);
      const [result] = await db.batch([stored, auditIfChanged(db, change)]);
      return (result?.meta.changes ?? 0) > 0;
    },
    find: (deviceId) =>
      db
        .prepare('SELECT pin_hmac, secret_hmac FROM device_pins WHERE device_id = ?1')
        .bind(deviceId)
        .first<PinHashes>(),
  };
}
