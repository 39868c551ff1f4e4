/**
 * Seven civil days of one location from its five-minute sums, each beside the same weekday of the
 * week before. Days are 23 to 25 hours long where clocks change. Pure but for the store.
 */

import type { InsightDay, WeekInsights } from '../../shared/contracts/insights.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import { addDays, civilDate, localHours } from '../../shared/metrics/time-zone.ts';
import { isoTime, isoTimeMs } from '../../shared/time.ts';
import {
  type Bucket,
  countOf,
  type DayName,
  dateOf,
  type InsightsStore,
  newestOf,
  type Stretch,
  splits,
  total,
} from './insights.ts';
import {
  addComparisons,
  clip,
  compare,
  hoursMissing,
  isComplete,
  type KnownDay,
  knownUntil,
  missingParts,
} from './known.ts';
import { qualityRuns } from './reading-signs.ts';

const DAYS = 7;

/** A civil date with its hours, their counts, and how far both are known. */
interface Day extends KnownDay {
  day: string;
}

/**
 * @param lastDay the week's last day; today when left out
 * @param against last day of the week it is compared with; seven days earlier when left out
 */
export async function weekOf(
  store: InsightsStore,
  location: Location,
  lastDay: DayName,
  nowMs: number,
  against?: string,
): Promise<WeekInsights> {
  const zone = location.time_zone;
  const today = civilDate(nowMs, zone);
  const to = dateOf(lastDay, today);
  const other = against ?? addDays(to, -DAYS);
  const [shown, before] = [daysUpTo(to, DAYS, zone), daysUpTo(other, DAYS, zone)];
  const [fromMs, endMs] = [startOf(shown[0]), endOf(shown.at(-1))];
  const [stretches, , units, signs] = await Promise.all([
    look(store, location.id, shown),
    look(store, location.id, before),
    store.units(location.id, fromMs, endMs),
    store.signs(location.id, fromMs, endMs),
  ]);
  const nowS = nowMs / 1000;
  const insightDays = shown.map((day, i) => insightDayOf(day, before[i], nowS));
  const week = together(shown, stretches);
  const sums = total(week.buckets);
  return {
    location,
    from: shown[0]?.day ?? to,
    to,
    as_of: isoTimeMs(nowMs),
    known_until: isoTime(knownUntil(week, nowS)),
    is_complete: isComplete(week, units, nowS),
    newest_reading_at: newestOf(units),
    visitors: sums.visits,
    against: other,
    comparison: addComparisons(
      insightDays.filter((d) => d.visits !== null).map((d) => d.comparison),
    ),
    busiest_day: busiestDay(insightDays),
    busiest_hour: busiestHour(shown),
    days: insightDays,
    ...splits(sums),
    units: {
      ...countOf(units),
      missing: missingParts(week, units, nowS),
      quality: qualityRuns(signs),
    },
  };
}

function daysUpTo(to: string, count: number, zone: string): Day[] {
  return Array.from({ length: count }, (_, i) => {
    const day = addDays(to, i + 1 - count);
    return { day, hours: localHours(day, zone), buckets: [], stretches: [] };
  });
}

/** Fills days that follow each other. @returns the stretches of all of them */
async function look(store: InsightsStore, id: string, days: Day[]): Promise<Stretch[]> {
  const [fromMs, toMs] = [startOf(days[0]), endOf(days.at(-1))];
  const [buckets, stretches] = await Promise.all([
    store.buckets(id, fromMs, toMs),
    store.stretches(id, fromMs, toMs),
  ]);
  fill(days, buckets);
  for (const day of days) day.stretches = clip(stretches, startOf(day) / 1000, endOf(day) / 1000);
  return stretches;
}

const startOf = (day: Day | undefined) => day?.hours[0]?.startMs ?? 0;
const endOf = (day: Day | undefined) => day?.hours.at(-1)?.endMs ?? 0;

/** Puts each bucket into its day; both are in order. */
function fill(days: Day[], buckets: Bucket[]): void {
  let at = 0;
  for (const bucket of buckets) {
    const ms = bucket.bucket_start_s * 1000;
    while (at < days.length - 1 && ms >= endOf(days[at])) at += 1;
    days[at]?.buckets.push(bucket);
  }
}

/** The days as one long one. */
function together(days: Day[], stretches: readonly Stretch[]): KnownDay {
  const hours = days.flatMap((day) => day.hours);
  const [fromS, toS] = [startOf(days[0]) / 1000, endOf(days.at(-1)) / 1000];
  const buckets = days.flatMap((day) => day.buckets);
  return { hours, buckets, stretches: clip(stretches, fromS, toS) };
}

function insightDayOf(shown: Day, before: Day | undefined, nowS: number): InsightDay {
  const { day, buckets } = shown;
  const known_until = isoTime(knownUntil(shown, nowS));
  if (buckets.length === 0) {
    const nothing = { visits: null, impressions: null, device_minutes: null };
    return { day, ...nothing, known_until, comparison: null };
  }
  const { visits, impressions, device_minutes } = total(buckets);
  const comparison = before ? compare(shown, before) : null;
  const hours_missing = before ? hoursMissing(shown, before, nowS) : 0;
  return { day, visits, impressions, device_minutes, known_until, comparison, hours_missing };
}

/** The day with most visits, the earlier of equals; null when nobody came. */
function busiestDay(days: InsightDay[]): string | null {
  let best: InsightDay | null = null;
  for (const day of days) {
    if ((day.visits ?? 0) > (best?.visits ?? 0)) best = day;
  }
  return best?.day ?? null;
}

/** The local hour with most visits over all days, the earlier of equals. */
function busiestHour(days: Day[]): number | null {
  const visits = new Array<number>(24).fill(0);
  for (const { hours, buckets } of days) {
    let at = 0;
    for (const bucket of buckets) {
      const ms = bucket.bucket_start_s * 1000;
      while (at < hours.length - 1 && ms >= (hours[at]?.endMs ?? 0)) at += 1;
      const hour = hours[at]?.hour ?? 0;
      visits[hour] = (visits[hour] ?? 0) + (bucket.visits ?? 0);
    }
  }
  const most = Math.max(...visits);
  return most > 0 ? visits.indexOf(most) : null;
}
