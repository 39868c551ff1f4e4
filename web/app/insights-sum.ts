/**
 * Several shops as one: their numbers of a day, or of a week, added up. Each shop's day is its own,
 * by its own clock: nine o'clock is nine o'clock in each. Where one shop has a gap, the sum is of
 * the others, and the missing parts say so. Pure; fetched when somebody asks for it.
 */
import type {
  Comparison,
  InsightHour,
  Insights,
  WeekInsights,
} from '../../shared/contracts/insights.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import { localMs } from '../../shared/metrics/time-zone.ts';
import { addKnown } from '../../shared/metrics/visits.ts';
import { isoTimeMs } from '../../shared/time.ts';

/** What a sum knows beside the numbers. */
export interface Summed {
  /** Its times are those of each shop's own clock, as the clock of `location` would show them. */
  own_clocks?: boolean;
  /** The moment up to which all shops are known, ISO 8601 UTC: what `known_until` is elsewhere. */
  heard_until?: string | null;
}

/** At least one of each; `location` stands for all of them. */
export function sumInsights(
  shops: readonly Insights[],
  location: Location,
): Insights & Required<Summed> {
  const all = shops.map((one) => onClockOf(one, location));
  const [first = never(), ...others] = all;
  const hours = others.reduce((sum, one) => addHours(sum, one.hours), first.hours);
  const hours_week_before = others.reduce(
    (sum, one) => addHours(sum, one.hours_week_before),
    first.hours_week_before,
  );
  const inside = all.map((one) => one.now_inside);
  const known = inside.filter((one) => one !== null);
  const people = known.reduce((n, one) => n + one.people, 0);
  return {
    ...first,
    ...common(all, location),
    own_clocks: shops.some((one) => one.location.time_zone !== location.time_zone),
    heard_until: earliestOpen(shops),
    comparison: addComparisons(all.map((one) => one.comparison)),
    now_inside:
      known.length < inside.length ? null : { people, at: earliest(known.map((k) => k.at)) },
    opens_at: all.every((one) => one.opens_at) ? earliest(all.map((one) => one.opens_at)) : null,
    hours,
    hours_week_before,
    busiest_hour: busiest(hours),
  };
}

/** The same of weeks; the busiest hour is that of no single shop, so none is named. */
export function sumWeeks(all: readonly WeekInsights[], location: Location): WeekInsights {
  const [first = never()] = all;
  const days = first.days.map((day) => {
    const same = all.map((one) => one.days.find((d) => d.day === day.day));
    const total = (of: 'visits' | 'impressions' | 'device_minutes') =>
      same.reduce<number | null>((sum, d) => addKnown(sum, d?.[of] ?? null), null);
    const comparison = addComparisons(same.map((d) => d?.comparison ?? null));
    const [visits, impressions] = [total('visits'), total('impressions')];
    // Of the shop that lacks most.
    const hours_missing = Math.max(...same.map((d) => d?.hours_missing ?? 0));
    const device_minutes = total('device_minutes');
    return { ...day, visits, impressions, device_minutes, comparison, hours_missing };
  });
  const best = days.reduce<(typeof days)[number] | null>(
    (most, day) => ((day.visits ?? 0) > (most?.visits ?? 0) ? day : most),
    null,
  );
  return {
    ...first,
    ...common(all, location),
    comparison: addComparisons(all.map((one) => one.comparison)),
    days,
    busiest_day: best?.day ?? null,
    busiest_hour: null,
  };
}

/** What a day and a week have in common. */
function common(all: readonly (Insights | WeekInsights)[], location: Location) {
  const [first = never()] = all;
  const sum = (of: (one: Insights | WeekInsights) => number) =>
    all.reduce((n, one) => n + of(one), 0);
  const known = (of: (one: Insights | WeekInsights) => number | null) =>
    all.reduce<number | null>((n, one) => addKnown(n, of(one)), null);
  const { zones, stays, composition } = first;
  const named = <T extends object>(fields: T, of: (one: Insights | WeekInsights) => T): T =>
    Object.fromEntries(
      Object.keys(fields).map((name) => [name, sum((one) => Number(of(one)[name as keyof T]))]),
    ) as T;
  return {
    location,
    known_until: earliestOpen(all),
    is_complete: all.every((one) => one.is_complete),
    visitors: known((one) => one.visitors),
    passers_by: known((one) => one.passers_by),
    zones: named(zones, (one) => one.zones),
    stays: named(stays, (one) => one.stays),
    composition: named(composition, (one) => one.composition),
    units: {
      total: sum((one) => one.units.total),
      reporting: sum((one) => one.units.reporting),
      missing: all.flatMap(({ units, location: from }) => units.missing.map(at(from, location))),
      quality: all.flatMap(({ units, location: from }) => units.quality.map(at(from, location))),
    },
  };
}

/** Until when all are known; where each of them is known to its end, that of the first. */
function earliestOpen(all: readonly (Insights | WeekInsights)[]): string | null {
  const open = all.filter((one) => !one.is_complete && one.known_until !== null);
  return open.length > 0
    ? earliest(open.map((one) => one.known_until))
    : (all[0]?.known_until ?? null);
}

/** Half past eleven at the shop is half past eleven of the sum. */
function onClockOf(one: Insights, all: Location): Insights {
  const time = (iso: string) => sameClock(iso, one.location.time_zone, all.time_zone);
  const { known_until, comparison } = one;
  return {
    ...one,
    known_until: known_until && time(known_until),
    comparison: comparison && { ...comparison, until: time(comparison.until) },
  };
}

/** What is said of a sensor, and of which time. */
interface Part {
  name: string | null;
  device_id: string;
  from: string | null;
  to: string | null;
}

/** A sensor of one shop among those of others: named with it, and its times by its own clock. */
const at =
  (shop: Location, all: Location) =>
  <T extends Part>(part: T): T => {
    const time = (iso: string | null) => iso && sameClock(iso, shop.time_zone, all.time_zone);
    const name = `${part.name ?? part.device_id} (${shop.name})`;
    return { ...part, name, from: time(part.from), to: time(part.to) } as T;
  };

/** The moment at which clocks of `there` show what those of `here` show at `iso`. */
function sameClock(iso: string, here: string, there: string): string {
  const clock = localMs(Date.parse(iso), here);
  let found = Date.parse(iso);
  // once more: between the two moments clocks may change
  for (const _try of [1, 2]) found += clock - localMs(found, there);
  return isoTimeMs(found);
}

/** Hour by hour of the clock; one that comes twice is added to the first, then to the second. */
function addHours(sum: readonly InsightHour[], more: readonly InsightHour[]): InsightHour[] {
  const left = [...more];
  return sum.map((hour) => {
    const found = left.findIndex((h) => h.hour === hour.hour);
    const other = found < 0 ? undefined : left.splice(found, 1)[0];
    return {
      ...hour,
      visits: addKnown(hour.visits, other?.visits ?? null),
      impressions: addKnown(hour.impressions, other?.impressions ?? null),
      device_minutes: addKnown(hour.device_minutes, other?.device_minutes ?? null),
    };
  });
}

/** Over the shops that have something to compare; one that has not is a gap. */
function addComparisons(all: readonly (Comparison | null)[]): Comparison | null {
  const known = all.filter((one) => one !== null);
  if (known.length === 0) return null;
  return {
    until: earliest(known.map(({ until }) => until)),
    has_gaps: known.length < all.length || known.some((one) => one.has_gaps),
    visitors: known.reduce((n, one) => n + one.visitors, 0),
    visitors_week_before: known.reduce((n, one) => n + one.visitors_week_before, 0),
  };
}

function busiest(hours: readonly InsightHour[]): number | null {
  const most = Math.max(0, ...hours.map(({ visits }) => visits ?? 0));
  return most === 0 ? null : (hours.find(({ visits }) => visits === most)?.hour ?? null);
}

/** ISO 8601 UTC sorts by time. */
const earliest = (times: readonly (string | null | undefined)[]): string =>
  times.filter((time) => time != null).sort()[0] ?? '';

function never(): never {
  throw new RangeError('a sum of no shop');
}
