/**
 * What of a location's time its units' readings cover, from those readings: stretches without a
 * longer silence, and how far each unit has come. Pure; worker/d1/insights.ts says the same in SQL.
 */
import { LATE_AFTER_REPORTS } from '../../shared/metrics/unit-state.ts';
import type { PlacedUnit, Stretch } from './insights.ts';

/** What the registry knows of a unit that stood at a location. Seconds. */
export interface StandingUnit {
  device_id: string;
  name: string | null;
  /** Whether it is in service. */
  is_active: boolean;
  interval_s: number;
  /** The longest interval that it ever had, and a little for clocks. */
  longest_s: number;
  /** Whether it still stands there at the end of the time asked for, and when it last came. */
  stays: boolean;
  since_s: number;
}

/** Who stood where. Times in milliseconds, `toMs` excluded. */
export interface StandingUnits {
  standing(locationId: string, fromMs: number, toMs: number): Promise<StandingUnit[]>;
}

/** A reading, as far as time is concerned. Unix seconds. */
export interface Period {
  period_start_s: number;
  variant: string;
  received_s: number;
  location_id: string | null;
  is_counted: boolean;
}

/** A reading is of one interval at most, and cannot be of a time after it was received. */
function untilS({ period_start_s, received_s }: Period, { interval_s }: StandingUnit): number {
  return Math.max(period_start_s, Math.min(period_start_s + interval_s, received_s));
}

/**
 * Readings of a unit divided by silences in which more than two reports are missing. A reading ends
 * where the next begins, as long as an interval of the unit may have been so long: it may have been
 * another one on that day.
 * @param periods of the unit in the time asked for, in any order
 */
export function stretchesOf(
  unit: StandingUnit,
  periods: readonly Period[],
  locationId: string,
): Stretch[] {
  const counted = countedAt(periods, locationId).sort(byStart);
  const found: Stretch[] = [];
  let lastUntil = Number.NEGATIVE_INFINITY;
  for (const [i, period] of counted.entries()) {
    const from_s = period.period_start_s;
    const next = counted[i + 1]?.period_start_s ?? Number.POSITIVE_INFINITY;
    const to_s = next - from_s <= unit.longest_s ? next : untilS(period, unit);
    const stretch = found.at(-1);
    const isSilent = from_s - lastUntil > (LATE_AFTER_REPORTS - 1) * unit.interval_s;
    if (stretch && !isSilent) stretch.to_s = Math.max(stretch.to_s, to_s);
    else found.push({ device_id: unit.device_id, from_s, to_s });
    lastUntil = to_s;
  }
  return found;
}

/** End of the newest period that counted at a location since the unit came there; or null. */
export function countedUntil(
  unit: StandingUnit,
  periods: readonly Period[],
  locationId: string,
): number | null {
  const counted = countedAt(periods, locationId).filter((p) => p.period_start_s >= unit.since_s);
  const last = counted.sort(byStart).at(-1);
  return last ? untilS(last, unit) : null;
}

/**
 * @param periods of the unit in the time asked for
 * @param earlier of the time before it; needed only where none of `periods` counted there
 */
export function placedUnit(
  unit: StandingUnit,
  periods: readonly Period[],
  earlier: readonly Period[],
  locationId: string,
): PlacedUnit {
  const { device_id, name, interval_s, stays } = unit;
  const starts = periods.filter((p) => p.location_id === locationId).map((p) => p.period_start_s);
  const newest_s = starts.length > 0 ? Math.max(...starts) : null;
  const counted_until_s = countedUntil(unit, [...earlier, ...periods], locationId);
  return { device_id, name, interval_s, stays, newest_s, counted_until_s };
}

function countedAt(periods: readonly Period[], locationId: string): Period[] {
  return periods.filter((p) => p.is_counted && p.location_id === locationId);
}

function byStart(a: Period, b: Period): number {
  return a.period_start_s - b.period_start_s || (a.variant < b.variant ? -1 : 1);
}
