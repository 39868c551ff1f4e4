/** Till numbers and notes by day, in D1. */
import type { ShopDayStore } from '../domain/shop-day.ts';
import { auditAlways, auditIfChanged } from './audit.ts';
import { changeOnce } from './kept-answer.ts';

/** Eleven years of days. */
const LIST_MAX = 4000;

interface Row {
  day: string;
  sales: number | null;
  takings_x100: number | null;
  note: string | null;
}

/** A day of which nothing is said has no row. */
const AS_SEEN = `CASE WHEN EXISTS (SELECT 1 FROM shop_days WHERE location_id = ?1 AND day = ?2)
  THEN EXISTS (SELECT 1 FROM shop_days WHERE location_id = ?1 AND day = ?2
    AND sales IS ?3 AND takings_x100 IS ?4 AND note IS ?5)
  ELSE ?3 IS NULL AND ?4 IS NULL AND ?5 IS NULL END`;

const hundredths = (takings: number | null) => takings && Math.round(takings * 100);

export function d1ShopDayStore(db: D1Database): ShopDayStore {
  return {
    async list(locationId, from, to) {
      const sql = `SELECT day, sales, takings_x100, note FROM shop_days
        WHERE location_id = ?1 AND day >= ?2 AND day <= ?3 ORDER BY day LIMIT ${LIST_MAX}`;
      const { results } = await db.prepare(sql).bind(locationId, from, to).all<Row>();
      return results.map(({ takings_x100, ...row }) => {
        return { ...row, takings: takings_x100 === null ? null : takings_x100 / 100 };
      });
    },
    async put(locationId, { day, sales, takings, note }, seen, change) {
      const isNothing = sales === null && takings === null && note === null;
      const put = `INSERT INTO shop_days (location_id, day, sales, takings_x100, note)
        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (location_id, day) DO UPDATE SET
          sales = excluded.sales, takings_x100 = excluded.takings_x100, note = excluded.note`;
      const drop = 'DELETE FROM shop_days WHERE location_id = ?1 AND day = ?2';
      const values = [sales, hundredths(takings), note];
      const statement = isNothing
        ? db.prepare(drop).bind(locationId, day)
        : db.prepare(put).bind(locationId, day, ...values);
      const isAsSeen = seen && {
        sql: AS_SEEN,
        values: [locationId, day, seen.sales, hundredths(seen.takings), seen.note],
      };
      await changeOnce(db, change, [statement, auditIfChanged(db, change)], isAsSeen);
    },
    async putTill(locationId, days, change) {
      const sql = `INSERT INTO shop_days (location_id, day, sales, takings_x100)
        SELECT ?1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2) WHERE true
        ON CONFLICT (location_id, day) DO UPDATE SET
          sales = excluded.sales, takings_x100 = excluded.takings_x100`;
      const rows = days.map(({ day, sales, takings }) => [day, sales, hundredths(takings)]);
      const put = db.prepare(sql).bind(locationId, JSON.stringify(rows));
      await changeOnce(db, change, [put, auditAlways(db, change)]);
    },
    async count(locationId) {
      const sql = 'SELECT COUNT(*) AS n FROM shop_days WHERE location_id = ?1';
      return (await db.prepare(sql).bind(locationId).first<number>('n')) ?? 0;
    },
    async clear(locationId, change) {
      const cleared = db.prepare('DELETE FROM shop_days WHERE location_id = ?1').bind(locationId);
      await changeOnce(db, change, [cleared, auditIfChanged(db, change)]);
    },
  };
}
