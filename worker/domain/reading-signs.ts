/**
 * What readings say of themselves beside their counts: how many people are near, and whether the
 * counts are whole and on time. Pure.
 */
import type { NowInside, QualityRun } from '../../shared/contracts/insights.ts';
import { type Quality, qualityOf } from '../../shared/metrics/quality.ts';
import { LATE_AFTER_REPORTS } from '../../shared/metrics/unit-state.ts';
import { isoTime } from '../../shared/time.ts';
import type { ReadingValues } from './stored-reading.ts';

/** Of one unit at one place in a stretch of time. Unix seconds. */
export interface UnitSigns {
  device_id: string;
  name: string | null;
  interval_s: number;
  /** By its newest counted reading; null when it cannot tell. */
  occupancy: { people: number; until_s: number } | null;
  runs: readonly SignRun[];
}

/** Readings one after the other that are late, or not whole. */
export interface SignRun {
  quality: Exclude<Quality, 'OK'>;
  from_s: number;
  /** null = the newest reading is one of them. */
  to_s: number | null;
}

/** A reading, as far as this is concerned. */
export interface SignedReading {
  period_start_s: number;
  received_s: number;
  location_id: string | null;
  is_counted: boolean;
  values: Pick<ReadingValues, 'occupancy_x10' | 'overflow' | 'cached' | 'send_failures'>;
}

/** What a unit's readings at a location say, in any order. */
export function signsOf(
  readings: readonly SignedReading[],
  locationId: string,
  interval_s: number,
): Pick<UnitSigns, 'occupancy' | 'runs'> {
  const own = readings
    .filter((r) => r.is_counted && r.location_id === locationId)
    .sort((a, b) => a.period_start_s - b.period_start_s);
  const newest = own.at(-1);
  return { occupancy: newest ? occupancyOf(newest, interval_s) : null, runs: runsOf(own) };
}

function occupancyOf({ period_start_s, received_s, values }: SignedReading, interval_s: number) {
  if (values.occupancy_x10 === null) return null;
  const until_s = Math.max(period_start_s, Math.min(period_start_s + interval_s, received_s));
  return { people: values.occupancy_x10 / 10, until_s };
}

function runsOf(readings: readonly SignedReading[]): SignRun[] {
  const runs: SignRun[] = [];
  let open: SignRun | null = null;
  for (const { period_start_s: from_s, values } of readings) {
    const quality = qualityOf({
      of: values.overflow ?? 0,
      cd: values.cached ?? 0,
      sf: values.send_failures ?? 0,
    });
    if (open && open.quality !== quality) {
      open.to_s = from_s;
      open = null;
    }
    if (quality === 'OK' || open) continue;
    open = { quality, from_s, to_s: null };
    runs.push(open);
  }
  return runs;
}

/** Numbers older than three reports say nothing of now. */
export function nowInside(units: readonly UnitSigns[], nowS: number): NowInside | null {
  const known = units.flatMap(({ occupancy, interval_s }) => {
    const isNow = occupancy && nowS - occupancy.until_s <= LATE_AFTER_REPORTS * interval_s;
    return isNow ? [occupancy] : [];
  });
  if (known.length === 0) return null;
  const people = Math.round(known.reduce((sum, one) => sum + one.people, 0));
  return { people, at: isoTime(Math.min(...known.map((one) => one.until_s))) };
}

/** Those that say something of the numbers still: what came late and is there is as good as any. */
export function qualityRuns(units: readonly UnitSigns[]): QualityRun[] {
  return units.flatMap(({ device_id, name, runs }) =>
    runs
      .filter(({ quality, to_s }) => quality === 'DEGRADED' || to_s === null)
      .map(({ quality, from_s, to_s }) => {
        return { device_id, name, quality, from: isoTime(from_s), to: isoTime(to_s) };
      }),
  );
}
