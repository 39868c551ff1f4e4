/**
 * One day of one location from its five-minute sums: civil hours with gaps, the same weekday a week
 * before, zones, stays, composition. Pure but for the store; knows no HTTP and no SQL.
 */
import type { InsightHour, Insights } from '../../shared/contracts/insights.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import { addCounts, type BucketCounts, EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import {
  addDays,
  civilDate,
  clockMs,
  type LocalHour,
  localHours,
} from '../../shared/metrics/time-zone.ts';

/** A bucket's sums at its place in time. */
export interface Bucket extends BucketCounts {
  bucket_start_s: number;
}

/** Units of a location, and what they sent within a stretch of time. */
export interface UnitActivity {
  total: number;
  reporting: number;
  newest_period_s: number | null;
}

export interface InsightsStore {
  /** Buckets of a location with fromMs ≤ start < toMs, in order. */
  buckets(locationId: string, fromMs: number, toMs: number): Promise<Bucket[]>;
  activity(locationId: string, fromMs: number, toMs: number): Promise<UnitActivity>;
}

/** `YYYY-MM-DD`, or a word for it; by the location's calendar. */
export type DayName = string | undefined;

/** @param day today when left out */
export async function insightsOf(
  store: InsightsStore,
  location: Location,
  day: DayName,
  nowMs: number,
): Promise<Insights> {
  const zone = location.time_zone;
  const today = civilDate(nowMs, zone);
  const shown = dateOf(day, today);
  const hours = localHours(shown, zone);
  const before = localHours(addDays(shown, -7), zone);
  const [buckets, earlier, activity] = await Promise.all([
    store.buckets(location.id, startOf(hours), endOf(hours)),
    store.buckets(location.id, startOf(before), endOf(before)),
    store.activity(location.id, startOf(hours), endOf(hours)),
  ]);
  const untilClockMs = shown === today ? clockMs(nowMs, zone) : Number.POSITIVE_INFINITY;
  const sums = total(buckets);
  const shownHours = fillHours(hours, buckets);
  return {
    location,
    day: shown,
    as_of: new Date(nowMs).toISOString(),
    newest_reading_at: isoTime(activity.newest_period_s),
    visitors: sums.visits,
    visitors_week_before: total(upToClock(before, earlier, untilClockMs)).visits,
    busiest_hour: busiest(shownHours),
    hours: shownHours,
    hours_week_before: alignHours(hours, fillHours(before, earlier)),
    ...splits(sums),
    units: { total: activity.total, reporting: activity.reporting },
  };
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
    const start = new Date(hour.startMs).toISOString();
    if (inside.length === 0) return gap(start, hour.hour);
    const { visits, impressions, device_minutes } = total(inside);
    return { start, hour: hour.hour, visits, impressions, device_minutes };
  });
}

function gap(start: string, hour: number): InsightHour {
  return { start, hour, visits: null, impressions: null, device_minutes: null };
}

/** Buckets that start before a time of day by the local clock. */
export function upToClock(hours: LocalHour[], buckets: Bucket[], untilClockMs: number): Bucket[] {
  return hours.flatMap((hour) =>
    within(hour, buckets).filter(
      (b) => hour.clockMs + (b.bucket_start_s * 1000 - hour.startMs) < untilClockMs,
    ),
  );
}

/**
 * The earlier day's hours in the order of the shown day's, so that a chart can lay one over the
 * other. An hour that the earlier day lacks (clocks changed in between) is a gap.
 */
function alignHours(hours: LocalHour[], earlier: InsightHour[]): InsightHour[] {
  const WEEK_MS = 7 * 86_400_000;
  const left = [...earlier];
  return hours.map(({ hour, startMs }) => {
    const at = left.findIndex((h) => h.hour === hour);
    const found = at < 0 ? undefined : left.splice(at, 1)[0];
    return found ?? gap(new Date(startMs - WEEK_MS).toISOString(), hour);
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

export function splits(s: BucketCounts): Pick<Insights, 'zones' | 'stays' | 'composition'> {
  const { rssi_immediate, rssi_near, rssi_far, rssi_remote } = s;
  const { dwell_0_1, dwell_1_5, dwell_5_10, dwell_10plus, ble_apple, ble_other } = s;
  return {
    zones: { rssi_immediate, rssi_near, rssi_far, rssi_remote },
    stays: { dwell_0_1, dwell_1_5, dwell_5_10, dwell_10plus },
    composition: { ble_apple, ble_other },
  };
}

export function isoTime(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}
