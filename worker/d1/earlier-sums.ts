/**
 * Sums that D1 kept before there were shards of places, for the shard that takes a day over. The
 * first question closes the tables, so that nothing is added to them afterwards.
 */
import { COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import type { PlaceSum } from '../domain/place-delta.ts';
import type { LocationDay } from '../domain/place-push.ts';
import type { EarlierSums } from '../domain/place-shard.ts';
import type { SumMoves } from '../domain/sum-moves.ts';
import { closeTables } from './cut-over.ts';

const DAY_S = 86_400;
/** Runs of days asked for in one batch. */
const AT_ONCE = 50;

/** A reading may say a time a little ahead of ours: none says tomorrow's. */
const UNTIL = `SELECT CASE WHEN EXISTS (SELECT 1 FROM rollups WHERE location_id > '')
    THEN at_ms / 1000 / ${DAY_S} + 1 ELSE -1 END AS day FROM cut_over`;
const SUMS = `SELECT location_id, bucket_start_s, visits, visits_known, ${COUNT_FIELDS.join(', ')}
  FROM rollups WHERE location_id = ?1 AND bucket_start_s >= ?2 AND bucket_start_s < ?3`;

const UNMOVED = `SELECT l.id AS location_id, COALESCE(a.next_s, 0) AS from_s
  FROM locations AS l LEFT JOIN adopted_sums AS a ON a.location_id = l.id
  WHERE a.location_id IS NULL OR a.next_s IS NOT NULL ORDER BY l.id LIMIT 1`;
const FIRST = `SELECT MIN(bucket_start_s) AS start_s FROM rollups
  WHERE location_id = ?1 AND bucket_start_s >= ?2`;
const DAYS = `SELECT DISTINCT bucket_start_s / ${DAY_S} AS day FROM rollups
  WHERE location_id = ?1 AND bucket_start_s >= ?2 AND bucket_start_s < ?3`;
const MOVED = `INSERT INTO adopted_sums (location_id, next_s) VALUES (?1, ?2)
  ON CONFLICT DO UPDATE SET next_s = excluded.next_s`;
/** Days of a location looked at in one step. */
const STEP_DAYS = 64;

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
      const runs = runsOf(days);
      for (let at = 0; at < runs.length; at += AT_ONCE) {
        const some = runs.slice(at, at + AT_ONCE).map(({ location_id, from, to }) => {
          return db.prepare(SUMS).bind(location_id, from * DAY_S, to * DAY_S);
        });
        for (const { results } of await db.batch<PlaceSum>(some)) all.push(...results);
      }
      return all;
    },
  };
}

/** Days of a location that follow each other, as one; `to` excluded. */
function runsOf(days: readonly LocationDay[]) {
  const runs: { location_id: string; from: number; to: number }[] = [];
  for (const { location_id, day } of days) {
    const last = runs.at(-1);
    if (last?.location_id === location_id && last.to === day) last.to += 1;
    else runs.push({ location_id, from: day, to: day + 1 });
  }
  return runs;
}

export function d1SumMoves(db: D1Database, now: () => number): SumMoves {
  return {
    async next() {
      const [, unmoved] = await db.batch<{ location_id: string; from_s: number }>([
        closeTables(db, now()),
        db.prepare(UNMOVED),
      ]);
      const found = unmoved?.results[0];
      if (!found) return null;
      const { location_id, from_s } = found;
      const first = db.prepare(FIRST).bind(location_id, from_s);
      const startS = await first.first<number | null>('start_s');
      if (startS === null) return { location_id, days: [], next_s: null };
      const next_s = (Math.floor(startS / DAY_S) + STEP_DAYS) * DAY_S;
      const days = db.prepare(DAYS).bind(location_id, startS, next_s);
      const { results } = await days.all<{ day: number }>();
      return { location_id, days: results.map(({ day }) => ({ location_id, day })), next_s };
    },
    async moved({ location_id, next_s }) {
      await db.prepare(MOVED).bind(location_id, next_s).run();
    },
  };
}
