/**
 * A location's usual week, hour by hour, from the four before this one, and this one beside it.
 * Days are the location's own. Pure but for the store.
 */
import type { TypicalWeek, WeekCell } from '../../shared/contracts/insights.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import { addDays, civilDate, isoWeekday, localHours } from '../../shared/metrics/time-zone.ts';
import { isoTimeMs } from '../../shared/time.ts';
import { type Bucket, type InsightsStore, total } from './insights.ts';

const DAYS = 7;
const HOURS = 24;
/** Weeks that make the usual one: enough to even a bad day out, few enough to follow the season. */
const WEEKS = 4;
/**
 * An hour is known when it has this part of the buckets that the location's hours usually have. A
 * unit that reports every ten minutes has six of them an hour.
 */
const KNOWN_SHARE = 0.75;

interface Hour {
  week: number;
  weekday: number;
  hour: number;
  buckets: Bucket[];
}

export async function typicalWeekOf(
  store: InsightsStore,
  location: Location,
  nowMs: number,
): Promise<TypicalWeek> {
  const zone = location.time_zone;
  const today = civilDate(nowMs, zone);
  const monday = addDays(today, 1 - isoWeekday(today));
  const since = addDays(monday, -WEEKS * DAYS);
  const all = (WEEKS + 1) * DAYS;
  const days = Array.from({ length: all }, (_, i) => localHours(addDays(since, i), zone));
  const [fromMs, toMs] = [days[0]?.[0]?.startMs ?? 0, days.at(-1)?.at(-1)?.endMs ?? 0];
  const buckets = await store.buckets(location.id, fromMs, Math.min(toMs, nowMs));
  const hours = hoursOf(days, buckets);
  const known = knownOf(hours, nowMs);
  const cells = cellsOf(known);
  return {
    location,
    as_of: isoTimeMs(nowMs),
    monday,
    since,
    weeks: new Set(known.filter(({ week }) => week < WEEKS).map(({ week }) => week)).size,
    cells,
    so_far: soFar(cells),
  };
}

/** Each hour of each day with its buckets; both are in order. */
function hoursOf(days: ReturnType<typeof localHours>[], buckets: readonly Bucket[]) {
  let at = 0;
  return days.flatMap((hours, i) =>
    hours.map(({ endMs, hour }) => {
      const own: Bucket[] = [];
      for (; at < buckets.length; at += 1) {
        const bucket = buckets[at];
        if (!bucket || bucket.bucket_start_s * 1000 >= endMs) break;
        own.push(bucket);
      }
      return { week: Math.floor(i / DAYS), weekday: (i % DAYS) + 1, hour, buckets: own, endMs };
    }),
  );
}

/** Hours that are over and whose numbers are whole. */
function knownOf(hours: ReturnType<typeof hoursOf>, nowMs: number): Hour[] {
  const counts = hours.map(({ buckets }) => buckets.length).filter((n) => n > 0);
  const usual = counts.sort((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
  return hours.filter(
    ({ buckets, endMs }) =>
      endMs <= nowMs && buckets.length > 0 && buckets.length >= KNOWN_SHARE * usual,
  );
}

function cellsOf(known: readonly Hour[]): WeekCell[] {
  const byCell = Map.groupBy(known, ({ weekday, hour }) => `${weekday} ${hour}`);
  return Array.from({ length: DAYS * HOURS }, (_, i) => {
    const [weekday, hour] = [Math.floor(i / HOURS) + 1, i % HOURS];
    const own = byCell.get(`${weekday} ${hour}`) ?? [];
    const before = visitsOf(own.filter(({ week }) => week < WEEKS));
    const now = visitsOf(own.filter(({ week }) => week === WEEKS));
    return {
      weekday,
      hour,
      usual: before.length > 0 ? sum(before) / before.length : null,
      of: before.length,
      visits: now.length > 0 ? sum(now) : null,
    };
  });
}

/** Of hours that can tell; firmware may not. */
function visitsOf(hours: readonly Hour[]): number[] {
  return hours.map(({ buckets }) => total(buckets).visits).filter((visits) => visits !== null);
}

function soFar(cells: readonly WeekCell[]): TypicalWeek['so_far'] {
  const both = cells.filter(({ usual, visits }) => usual !== null && visits !== null);
  if (both.length === 0) return null;
  return {
    visitors: sum(both.map(({ visits }) => visits ?? 0)),
    usual: sum(both.map(({ usual }) => usual ?? 0)),
  };
}

const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0);
