/**
 * Seven civil days of one location from its five-minute sums, each beside the same weekday of the
 * week before. Days are 23 to 25 hours long where clocks change. Pure but for the store.
 */
import type { InsightDay, WeekInsights } from '../../shared/contracts/insights.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import {
  addDays,
  civilDate,
  clockMs,
  type LocalHour,
  localHours,
} from '../../shared/metrics/time-zone.ts';
import { addKnown } from '../../shared/metrics/visits.ts';
import {
  type Bucket,
  type DayName,
  dateOf,
  type InsightsStore,
  isoTime,
  splits,
  total,
  upToClock,
} from './insights.ts';

const DAYS = 7;
const WHOLE_DAY = Number.POSITIVE_INFINITY;

/** A civil date with its hours and what was counted in them. */
interface Day {
  day: string;
  hours: LocalHour[];
  buckets: Bucket[];
}

/** @param lastDay the week's last day; today when left out */
export async function weekOf(
  store: InsightsStore,
  location: Location,
  lastDay: DayName,
  nowMs: number,
): Promise<WeekInsights> {
  const zone = location.time_zone;
  const today = civilDate(nowMs, zone);
  const to = dateOf(lastDay, today);
  const days = daysUpTo(to, 2 * DAYS, zone);
  const shown = days.slice(DAYS);
  const [startMs, fromMs, endMs] = [startOf(days[0]), startOf(shown[0]), endOf(shown.at(-1))];
  const [buckets, activity] = await Promise.all([
    store.buckets(location.id, startMs, endMs),
    store.activity(location.id, fromMs, endMs),
  ]);
  fill(days, buckets);
  const untilMs = (day: string) => (day === today ? clockMs(nowMs, zone) : WHOLE_DAY);
  const told = shown.map((day, i) => tell(day, days[i], untilMs(day.day)));
  const sums = total(shown.flatMap((day) => day.buckets));
  return {
    location,
    from: shown[0]?.day ?? to,
    to,
    as_of: new Date(nowMs).toISOString(),
    newest_reading_at: isoTime(activity.newest_period_s),
    visitors: sums.visits,
    visitors_week_before: told.map((d) => d.visits_week_before).reduce(addKnown, null),
    busiest_day: busiestDay(told),
    busiest_hour: busiestHour(shown),
    days: told,
    ...splits(sums),
    units: { total: activity.total, reporting: activity.reporting },
  };
}

function daysUpTo(to: string, count: number, zone: string): Day[] {
  return Array.from({ length: count }, (_, i) => {
    const day = addDays(to, i + 1 - count);
    return { day, hours: localHours(day, zone), buckets: [] };
  });
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

function tell(shown: Day, before: Day | undefined, untilClockMs: number): InsightDay {
  const earlier = before ? upToClock(before.hours, before.buckets, untilClockMs) : [];
  const visits_week_before = total(earlier).visits;
  const { day, buckets } = shown;
  if (buckets.length === 0) {
    return { day, visits: null, impressions: null, device_minutes: null, visits_week_before };
  }
  const { visits, impressions, device_minutes } = total(buckets);
  return { day, visits, impressions, device_minutes, visits_week_before };
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
