/**
 * Sums that D1 kept before there were shards of places, for the shard that takes a day over. The
 * first question closes the tables, so that nothing is added to them afterwards.
 */
import { COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import type { PlaceSum } from '../domain/place-delta.ts';
import type { LocationDay } from '../domain/place-push.ts';
import type { EarlierSums } from '../domain/place-shard.ts';
import { closeTables } from './cut-over.ts';

const DAY_S = 86_400;
/** Days asked for in one batch. */
const AT_ONCE = 50;

/** A reading may say a time a little ahead of ours: none says tomorrow's. */
const UNTIL = `SELECT CASE WHEN EXISTS (SELECT 1 FROM rollups WHERE location_id > '')
    THEN at_ms / 1000 / ${DAY_S} + 1 ELSE -1 END AS day FROM cut_over`;
const SUMS = `SELECT location_id, bucket_start_s, visits, visits_known, ${COUNT_FIELDS.join(', ')}
  FROM rollups WHERE location_id = ?1 AND bucket_start_s >= ?2 AND bucket_start_s < ?3`;

export function d1EarlierSums(db: D1Database, now: () => number): EarlierSums {
  return {
    async untilDay() {
      const [, until] = await db.batch<{ day: number }>([
        closeTables(db, now()),
        db.prepare(UNTIL),
      ]);
      return until?.results[0]?.day ?? -1;
    },
    async sums(days) {
      const all: PlaceSum[] = [];
      for (let from = 0; from < days.length; from += AT_ONCE) {
        const some = days.slice(from, from + AT_ONCE).map(({ location_id, day }: LocationDay) => {
          return db.prepare(SUMS).bind(location_id, day * DAY_S, (day + 1) * DAY_S);
        });
        for (const { results } of await db.batch<PlaceSum>(some)) all.push(...results);
      }
      return all;
    },
  };
}
