/** When shops are open, in D1. */
import type { OpeningTime } from '../../shared/contracts/opening-hours.ts';
import { clockOf, minutesOf } from '../../shared/metrics/opening-hours.ts';
import type { OpeningHoursStore } from '../domain/opening-hours.ts';
import { auditAlways } from './audit.ts';
import { changeOnce } from './kept-answer.ts';

interface Row {
  weekday: number;
  opens_min: number;
  closes_min: number;
}

/** Rows as JSON, in the order of the key. */
const AS_SEEN = `(SELECT json_group_array(json_array(weekday, opens_min, closes_min)) FROM (
  SELECT * FROM opening_hours WHERE location_id = ?1 ORDER BY weekday, opens_min)) = ?2`;

const rowsOf = (times: readonly OpeningTime[]) =>
  JSON.stringify(times.map((t) => [t.weekday, minutesOf(t.opens), minutesOf(t.closes)]));

export function d1OpeningHoursStore(db: D1Database): OpeningHoursStore {
  return {
    async find(locationId) {
      const sql = `SELECT weekday, opens_min, closes_min FROM opening_hours
        WHERE location_id = ?1 ORDER BY weekday, opens_min`;
      const { results } = await db.prepare(sql).bind(locationId).all<Row>();
      return results.map(({ weekday, opens_min, closes_min }) => {
        return { weekday, opens: clockOf(opens_min), closes: clockOf(closes_min) };
      });
    },
    async replace(locationId, times, seen, change) {
      const sql = `INSERT INTO opening_hours (location_id, weekday, opens_min, closes_min)
        SELECT ?1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2)`;
      const statements = [
        db.prepare('DELETE FROM opening_hours WHERE location_id = ?1').bind(locationId),
        db.prepare(sql).bind(locationId, rowsOf(times)),
        auditAlways(db, change),
      ];
      const isAsSeen = seen && { sql: AS_SEEN, values: [locationId, rowsOf(seen)] };
      await changeOnce(db, change, statements, isAsSeen);
    },
  };
}
