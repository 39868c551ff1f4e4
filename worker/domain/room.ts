/**
 * Whether a unit's other readings leave room for one more, and what else only its store knows of
 * it. The same rules as SQL stand in worker/d1/doubt.ts; why these: docs/decisions/0035. Pure.
 */
import { BUCKET_S, bucketStart } from '../../shared/metrics/bucket.ts';
import { CEILINGS, type Ceiling } from '../../shared/metrics/ceilings.ts';
import { visitsOf } from '../../shared/metrics/visits.ts';
import { boundsOf, DIVIDED, type Doubt, SAME_START_MAX } from './doubt.ts';
import type { ReadingEntry } from './reading.ts';

/** Readings looked at; with so many in one interval there is no room, whatever they hold. */
const LOOKED_AT = 200;

/** A reading that is there already, as far as it takes room. */
export interface Neighbour {
  period_start_s: number;
  is_counted: boolean;
  impressions: number;
  device_minutes: number;
  visits: number;
  ble_apple: number;
  ble_other: number;
}

/** What the unit's facts add to its word. Seconds. */
export interface UnitBounds {
  firmware: string | null;
  interval_s: number;
  /** The longest one ever told counts too: a full cache is older. */
  longest_s: number;
}

/** The stretch of time whose readings share their room with one that begins at `startS`. */
export function neighbourhood(startS: number, longestS: number): { from_s: number; to_s: number } {
  const slot = Math.max(longestS, BUCKET_S);
  const from_s = startS - (startS % slot);
  return { from_s, to_s: from_s + slot };
}

/**
 * Why an entry has to stay out of the sums; null = it need not.
 * @param neighbours those of the same generation within {@link neighbourhood}
 * @param isTakenOut whether an administrator's last word on that time was that it does not count
 */
export function doubtOf(
  { reading, period_start_s, may_be_off_s }: ReadingEntry,
  unit: UnitBounds,
  neighbours: readonly Neighbour[],
  isTakenOut: boolean,
): Doubt | null {
  const bounds = boundsOf(reading);
  if (bounds.contradiction !== null) return bounds.contradiction;
  const firmware = reading.fw ?? unit.firmware;
  if (bounds.contradicts_from_4_1 && versionOf(firmware) >= 4.1) return 'bluetooth';
  if (bounds.minutes_needed > unit.longest_s / 60) return 'ceiling';
  const own: Neighbour = {
    period_start_s,
    is_counted: true,
    impressions: reading.i,
    device_minutes: reading.u,
    visits: visitsOf(reading) ?? 0,
    ble_apple: reading.ble_apple ?? 0,
    ble_other: reading.ble_other ?? 0,
  };
  const saidMax = may_be_off_s === null ? bounds.same_start_max : null;
  if (!hasRoom(own, saidMax, unit, neighbours)) return 'overlap';
  return isTakenOut ? 'excluded' : null;
}

function hasRoom(
  own: Neighbour,
  saidMax: number | null,
  { interval_s, longest_s }: UnitBounds,
  neighbours: readonly Neighbour[],
): boolean {
  if (neighbours.length >= LOOKED_AT) return false;
  const counted = neighbours.filter((n) => n.is_counted);
  const bucket = bucketStart(own.period_start_s);
  const inBucket = counted.filter((n) => bucketStart(n.period_start_s) === bucket).length;
  if (inBucket > 0 && inBucket >= SAME_START_MAX * Math.ceil(BUCKET_S / interval_s) + DIVIDED) {
    return false;
  }
  const sameStart = counted.filter((n) => n.period_start_s === own.period_start_s).length;
  if (saidMax !== null && sameStart > 0 && sameStart >= saidMax) return false;
  // What begins within an interval may end an interval later.
  const minutes = (Math.max(longest_s, BUCKET_S) + longest_s) / 60;
  const fits = (name: keyof Omit<Neighbour, 'period_start_s' | 'is_counted'>, most: Ceiling) =>
    counted.reduce((sum, n) => sum + n[name], own[name]) <= most.at_once + most.a_minute * minutes;
  return (
    fits('impressions', CEILINGS.impressions) &&
    fits('device_minutes', CEILINGS.device_minutes) &&
    fits('visits', CEILINGS.visits) &&
    fits('ble_apple', CEILINGS.ble_impressions) &&
    fits('ble_other', CEILINGS.ble_impressions)
  );
}

/** The number a firmware version begins with, 0 where there is none. */
function versionOf(firmware: string | null): number {
  const version = Number.parseFloat(firmware ?? '');
  return Number.isFinite(version) ? version : 0;
}
