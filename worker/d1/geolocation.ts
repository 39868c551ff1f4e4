/** Where units stand by their own scans, in D1. */
import type { Geolocation, GeolocationStore } from '../domain/geolocation.ts';

export function d1GeolocationStore(db: D1Database): GeolocationStore {
  return {
    async read(deviceId) {
      const sql = `SELECT latitude, longitude, accuracy_m, time_zone, place_source AS source
        FROM devices WHERE id = ?1 AND place_source IS NOT NULL`;
      return await db.prepare(sql).bind(deviceId).first<Geolocation>();
    },
    async found(deviceId, { latitude, longitude, accuracy_m, time_zone }, nowS) {
      const sql = `UPDATE devices SET latitude = ?2, longitude = ?3, accuracy_m = ?4,
          time_zone = ?5, place_source = 'automatic', placed_s = ?6
        WHERE id = ?1 AND place_source IS NOT 'manual'`;
      const values = [deviceId, latitude, longitude, accuracy_m, time_zone, nowS];
      await db
        .prepare(sql)
        .bind(...values)
        .run();
    },
  };
}
