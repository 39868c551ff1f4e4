/** Locations whose small counts stay here, in D1. */
import type { SmallCountStore } from '../domain/small-counts.ts';
import { auditAlways } from './audit.ts';
import { changeOnce } from './kept-answer.ts';

/** One a location that asks for it. */
const ALL = 'SELECT location_id, smallest FROM small_counts';
const PUT = `INSERT INTO small_counts (location_id, smallest) VALUES (?1, ?2)
  ON CONFLICT DO UPDATE SET smallest = excluded.smallest`;

const AS_SEEN = '(SELECT smallest FROM small_counts WHERE location_id = ?1) IS ?2';

export function d1SmallCountStore(db: D1Database): SmallCountStore {
  return {
    async all() {
      const { results } = await db.prepare(ALL).all<{ location_id: string; smallest: number }>();
      return new Map(results.map(({ location_id, smallest }) => [location_id, smallest]));
    },
    async put(locationId, smallest, seen, change) {
      const leave = db.prepare('DELETE FROM small_counts WHERE location_id = ?1').bind(locationId);
      const put = smallest === null ? leave : db.prepare(PUT).bind(locationId, smallest);
      const isAsSeen =
        seen === undefined ? undefined : { sql: AS_SEEN, values: [locationId, seen] };
      await changeOnce(db, change, [put, auditAlways(db, change)], isAsSeen);
    },
  };
}
