/** Places to be forgotten, in D1; scripts/owner/statements.ts puts them there. */
import type { ErasureStore } from '../domain/erasure.ts';

export function d1ErasureStore(db: D1Database): ErasureStore {
  return {
    async waiting(limit) {
      const sql =
        'SELECT location_id, units_json FROM erasures ORDER BY tries, location_id LIMIT ?1';
      const page = db.prepare(sql).bind(limit);
      const { results } = await page.all<{ location_id: string; units_json: string }>();
      return results.map(({ location_id, units_json }) => {
        return { location_id, device_ids: JSON.parse(units_json) as string[] };
      });
    },
    async done(locationId) {
      await db.prepare('DELETE FROM erasures WHERE location_id = ?1').bind(locationId).run();
    },
    async failed(locationId) {
      const sql = 'UPDATE erasures SET tries = tries + 1 WHERE location_id = ?1';
      await db.prepare(sql).bind(locationId).run();
    },
  };
}
