/**
 * One day of one location from its five-minute sums: civil hours with gaps, the same weekday a week
 * before, zones, stays, composition. Pure but for the store; knows no HTTP and no SQL.
 */

import type { InsightHour, Insights } from '../../shared/contracts/insights.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import { addCounts, type BucketCounts, EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import { passersBy } from '../../shared/metrics/passers-by.ts';
import { addDays, civilDate, type LocalHour, localHours } from '../../shared/metrics/time-zone.ts';
import { isoTime, isoTimeMs } from '../../shared/time.ts';
import { compare, isComplete, type KnownDay, knownUntil, missingParts } from './known.ts';
import { nowInside, qualityRuns, type UnitSigns } from './reading-signs.ts';

/** A bucket's sums at its place in time. */
export interface Bucket extends BucketCounts {
  bucket_start_s: number;
}

/** What a unit's counted readings cover without a longer silence, Unix seconds; `to_s` excluded. */
export interface Stretch {
  device_id: string;
  from_s: number;
  to_s: number;
}

/** A unit that stood at a location at some moment of a stretch of time. Unix seconds. */
export interface PlacedUnit {
  device_id: string;
  name: string | null;
  interval_s: number;
  /** Whether it still stands there at the end. */
  stays: boolean;
  /** Start of the newest period it sent within that time, counted or not. */
  newest_s: number | null;
  /** End of the newest period that counted there up to the end of that time, maybe long before. */
  counted_until_s: number | null;
}

export interface InsightsStore {
  /** Buckets of a location with fromMs ≤ start < toMs, in order. */
  buckets(locationId: string, fromMs: number, toMs: number): Promise<Bucket[]>;
  /** Of readings with fromMs ≤ start < toMs, by unit and in order. */
  stretches(locationId: string, fromMs: number, toMs: number): Promise<Stretch[]>;
  units(locationId: string, fromMs: number, toMs: number): Promise<PlacedUnit[]>;
  /** What readings of that time say of themselves; nothing where nobody kept it. */
  signs(locationId: string, fromMs: number, toMs: number): Promise<UnitSigns[]>;
}

/** `YYYY-MM-DD`, or a word for it; by the location's calendar. */
export type DayName = string | undefined;

/**
 * @param named today when left out
 * @param against the day it is compared with; a week earlier when left out
 */
export async function insightsOf(
  store: InsightsStore,
  location: Location,
  named: DayName,
  nowMs: number,
  against?: string,
): Promise<Insights> {
  const zone = location.time_zone;
  const today = civilDate(nowMs, zone);
  const shown = dateOf(named, today);
  const span = (day: string) => spanOf(store, location.id, localHours(day, zone));
  const hours = localHours(shown, zone);
  const other = against ?? addDays(shown, -7);
  const [day, before, units, signs] = await Promise.all([
    span(shown),
    span(other),
    store.units(location.id, startOf(hours), endOf(hours)),
    store.signs(location.id, startOf(hours), endOf(hours)),
  ]);
  const sums = total(day.buckets);
  const shownHours = fillHours(hours, day.buckets);
  // What has been taken elsewhere says nothing of who is here now.
  const staying = new Set(units.filter(({ stays }) => stays).map(({ device_id }) => device_id));
  const here = signs.filter(({ device_id }) => staying.has(device_id));
  return {
    location,
    day: shown,
    as_of: isoTimeMs(nowMs),
    known_until: isoTime(knownUntil(day, nowMs / 1000)),
    is_complete: isComplete(day, units, nowMs / 1000),
    newest_reading_at: newestOf(units),
    visitors: sums.visits,
    against: other,
    comparison: compare(day, before),
    now_inside: shown === today ? nowInside(here, nowMs / 1000) : null,
    busiest_hour: busiest(shownHours),
    hours: shownHours,
    hours_week_before: alignHours(
      hours,
      fillHours(before.hours, before.buckets),
      startOf(before.hours),
    ),
    ...splits(sums),
    units: {
      ...countOf(units),
      missing: missingParts(day, units, nowMs / 1000),
      quality: qualityRuns(signs),
    },
  };
}

/** What is known of the time that hours of the clock cover. */
async function spanOf(store: InsightsStore, id: string, hours: LocalHour[]): Promise<KnownDay> {
  const [buckets, stretches] = await Promise.all([
    store.buckets(id, startOf(hours), endOf(hours)),
    store.stretches(id, startOf(hours), endOf(hours)),
  ]);
  return { hours, buckets, stretches };
}

/** How many units there are, and how many of them sent something. */
export function countOf(units: readonly PlacedUnit[]) {
  const reporting = units.filter((u) => u.newest_s !== null).length;
  return { total: units.length, reporting };
}

export function newestOf(units: readonly PlacedUnit[]): string | null {
  const starts = units.map((u) => u.newest_s).filter((s) => s !== null);
  return starts.length > 0 ? isoTime(Math.max(...starts)) : null;
}

/** The date that a day's name means. */
export function dateOf(day: DayName, today: string): string {
  if (day === undefined || day === 'today') return today;
  return day === 'yesterday' ? addDays(today, -1) : day;
}

const startOf = (hours: LocalHour[]) => hours[0]?.startMs ?? 0;
const endOf = (hours: LocalHour[]) => hours.at(-1)?.endMs ?? 0;
export const total = (buckets: Bucket[]) => buckets.reduce<BucketCounts>(addCounts, EMPTY_COUNTS);

/** Buckets of one hour; a bucket belongs to the hour in which it starts. */
function within(hour: LocalHour, buckets: Bucket[]): Bucket[] {
  return buckets.filter(({ bucket_start_s }) => {
    const ms = bucket_start_s * 1000;
    return ms >= hour.startMs && ms < hour.endMs;
  });
}

/** Each hour's sums; an hour without a single reading is a gap, not a zero. */
function fillHours(hours: LocalHour[], buckets: Bucket[]): InsightHour[] {
  return hours.map((hour) => {
    const inside = within(hour, buckets);
    const start = isoTimeMs(hour.startMs);
    if (inside.length === 0) return gap(start, hour.hour);
    const { visits, impressions, device_minutes } = total(inside);
    return { start, hour: hour.hour, visits, impressions, device_minutes };
  });
}

function gap(start: string, hour: number): InsightHour {
  return { start, hour, visits: null, impressions: null, device_minutes: null };
}

/**
 * The earlier day's hours in the order of the shown day's, so that a chart can lay one over the
 * other. An hour that the earlier day lacks (clocks changed in between) is a gap.
 */
function alignHours(hours: LocalHour[], earlier: InsightHour[], earlierMs: number): InsightHour[] {
  const apartMs = startOf(hours) - earlierMs;
  const left = [...earlier];
  return hours.map(({ hour, startMs }) => {
    const at = left.findIndex((h) => h.hour === hour);
    const found = at < 0 ? undefined : left.splice(at, 1)[0];
    return found ?? gap(isoTimeMs(startMs - apartMs), hour);
  });
}

/** The hour with most visits, the earlier of equals; null when nobody came. */
function busiest(hours: InsightHour[]): number | null {
  let best: InsightHour | null = null;
  for (const hour of hours) {
    if ((hour.visits ?? 0) > (best?.visits ?? 0)) best = hour;
  }
  return best?.hour ?? null;
}

export function splits(
  s: BucketCounts,
): Pick<Insights, 'passers_by' | 'zones' | 'stays' | 'composition'> {
  const { rssi_immediate, rssi_near, rssi_far, rssi_remote } = s;
  const { dwell_0_1, dwell_1_5, dwell_5_10, dwell_10plus, ble_apple, ble_other } = s;
  return {
    passers_by: passersBy(s),
    zones: { rssi_immediate, rssi_near, rssi_far, rssi_remote },
    stays: { dwell_0_1, dwell_1_5, dwell_5_10, dwell_10plus },
    composition: { ble_apple, ble_other },
  };
}
