/**
 * Lines and rows of a sensor's past: columns as typed arrays, what it counted by the hour or the
 * day of its place, and the numbers of each as a table. Pure.
 */
import type { UnitHistory } from '../../shared/contracts/history.ts';
import { addDays, civilDate, clockMs, dayBounds } from '../../shared/metrics/time-zone.ts';
import type { LinePoints } from './lttb.ts';

type Readings = UnitHistory['readings'];
/** What a reading says of its unit's health. */
export type Sign = 'cell_rssi_dbm' | 'cd' | 'sf' | 'of';

const HOUR_MS = 3_600_000;
/** Up to so long hours are told apart, beyond that days. */
const HOURS_UP_TO_MS = 8 * 24 * HOUR_MS;

/** Starts of readings in Unix milliseconds: the same for every line of them. */
const startsOf = new WeakMap<Readings, Float64Array>();

function startsMs(readings: Readings): Float64Array {
  const { start_s } = readings;
  const known = startsOf.get(readings);
  if (known) return known;
  const x = new Float64Array(start_s.length);
  for (let i = 0; i < x.length; i += 1) x[i] = Number(start_s[i]) * 1000;
  startsOf.set(readings, x);
  return x;
}

/**
 * A column as a line; x in Unix milliseconds. What the unit did not say is NaN. In a loop: a year
 * has a hundred thousand points, and what maps an iterator takes ten times as long.
 */
export function lineOf(readings: Readings, sign: Sign): LinePoints {
  const column = readings[sign];
  const y = new Float64Array(column.length);
  for (let i = 0; i < y.length; i += 1) y[i] = column[i] ?? Number.NaN;
  return { x: startsMs(readings), y };
}

/** An hour or a day of a sensor. null: nothing came, or nothing was said of it. */
export interface PastRow {
  startMs: number;
  endMs: number;
  readings: number;
  /** null also for who may not see figures. */
  visits: number | null;
  /** Mean, weakest and strongest signal, dBm. */
  signal: { mean: number; least: number; most: number } | null;
  /** The most that waited on it, and the most failures in a row. */
  waiting: number | null;
  failures: number | null;
  /** Devices left out, in all. */
  dropped: number | null;
  /** The least memory that its heartbeats called free, KiB. */
  free_kib: number | null;
}

/**
 * Hours of a day or week, days of a longer span; whole ones, by the place's clock, oldest first,
 * also those in which nothing came.
 */
export function pastRows(
  { readings, heartbeats }: UnitHistory,
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
  timeZone: string,
): PastRow[] {
  const edges = edgesOf(fromMs, untilMs, timeZone);
  let at = readings.start_s.findIndex((s) => s * 1000 >= fromMs);
  if (at < 0) at = readings.start_s.length;
  // Newest first, as they come.
  let beat = heartbeats.findLastIndex((one) => Date.parse(one.received_at) >= fromMs);
  const leastFree = (endMs: number) => {
    let least: number | null = null;
    for (; beat >= 0; beat -= 1) {
      const { received_at, free_kib } = heartbeats[beat] as (typeof heartbeats)[number];
      if (Date.parse(received_at) >= endMs) break;
      if (free_kib !== undefined) least = Math.min(least ?? free_kib, free_kib);
    }
    return least;
  };
  return edges.slice(0, -1).map((startMs, i) => {
    const endMs = Number(edges[i + 1]);
    const begin = at;
    while (at < readings.start_s.length && Number(readings.start_s[at]) * 1000 < endMs) at += 1;
    return { ...rowOf(readings, begin, at, { startMs, endMs }), free_kib: leastFree(endMs) };
  });
}

function edgesOf(fromMs: number, untilMs: number, timeZone: string): number[] {
  if (untilMs - fromMs <= HOURS_UP_TO_MS) {
    const hours = Math.max(0, Math.ceil((untilMs - fromMs) / HOUR_MS));
    return Array.from({ length: hours + 1 }, (_, i) => Math.min(untilMs, fromMs + i * HOUR_MS));
  }
  const edges = [fromMs];
  for (let startMs = fromMs; ; ) {
    startMs = nextMidnight(startMs, timeZone);
    if (startMs >= untilMs) return [...edges, untilMs];
    edges.push(startMs);
  }
}

/** Nearly always a day later, which is seen at once; what the calendar says takes fifty times. */
function nextMidnight(startMs: number, timeZone: string): number {
  const later = startMs + 24 * HOUR_MS;
  if (clockMs(startMs, timeZone) === 0 && clockMs(later, timeZone) === 0) return later;
  return dayBounds(addDays(civilDate(startMs, timeZone), 1), timeZone).startMs;
}

function rowOf(
  readings: Readings,
  from: number,
  to: number,
  bounds: { startMs: number; endMs: number },
): Omit<PastRow, 'free_kib'> {
  const known = (column: readonly (number | null)[] | undefined) =>
    (column ?? []).slice(from, to).filter((n) => n !== null);
  const most = (column: readonly (number | null)[]) => {
    const numbers = known(column);
    return numbers.length === 0 ? null : Math.max(...numbers);
  };
  const sum = (column: readonly (number | null)[] | undefined) => {
    const numbers = known(column);
    return numbers.length === 0 ? null : numbers.reduce((a, b) => a + b, 0);
  };
  const signal = known(readings.cell_rssi_dbm);
  const mean = signal.reduce((a, b) => a + b, 0) / signal.length;
  return {
    ...bounds,
    readings: to - from,
    visits: sum(readings.visits),
    signal:
      signal.length === 0 ? null : { mean, least: Math.min(...signal), most: Math.max(...signal) },
    waiting: most(readings.cd),
    failures: most(readings.sf),
    dropped: sum(readings.of),
  };
}

/** What was counted by hour or day as a line; where nothing came it is broken. */
export function activityLine(rows: readonly PastRow[], hasFigures: boolean): LinePoints {
  const value = ({ readings, visits }: PastRow) => (hasFigures ? visits : readings || null);
  return {
    x: Float64Array.from(rows, ({ startMs }) => startMs),
    y: Float64Array.from(rows, (row) => value(row) ?? Number.NaN),
  };
}
