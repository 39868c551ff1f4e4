/**
 * Where an axis of time has its ticks: at hours or midnights of a place's clock, also on days that
 * have 23 or 25 hours. Pure.
 */
import { addDays, civilDate, clockMs, dayBounds } from '../../shared/metrics/time-zone.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOURS = [1, 2, 3, 6, 12] as const;

/** Ticks, Unix milliseconds, and whether they are days or hours. */
export interface TimeTicks {
  at: number[];
  isDays: boolean;
}

/**
 * @param most so many, about; 2 or more
 * @param timeZone IANA name
 */
export function timeTicks(
  fromMs: number,
  untilMs: number,
  timeZone: string,
  most: number,
): TimeTicks {
  const hours = HOURS.find((step) => (untilMs - fromMs) / (step * HOUR_MS) <= most);
  return hours === undefined
    ? { at: midnights(fromMs, untilMs, timeZone, most), isDays: true }
    : { at: hoursOf(fromMs, untilMs, timeZone, hours), isDays: false };
}

function hoursOf(fromMs: number, untilMs: number, timeZone: string, step: number): number[] {
  const ticks: number[] = [];
  // Clocks differ from UTC by quarters of an hour.
  for (let at = Math.ceil(fromMs / 900_000) * 900_000; at <= untilMs; at += 900_000) {
    if (clockMs(at, timeZone) % (step * HOUR_MS) === 0) ticks.push(at);
  }
  return ticks;
}

function midnights(fromMs: number, untilMs: number, timeZone: string, most: number): number[] {
  const every = Math.max(1, Math.ceil((untilMs - fromMs) / DAY_MS / most));
  const ticks: number[] = [];
  for (let day = civilDate(fromMs, timeZone); ; day = addDays(day, every)) {
    const { startMs } = dayBounds(day, timeZone);
    if (startMs > untilMs) return ticks;
    if (startMs >= fromMs) ticks.push(startMs);
  }
}

/** A span that a page shows. `all`: as far back as anything is kept. */
export type Span = 'day' | 'week' | 'month' | 'all';
const DAYS = { day: 1, week: 7, month: 30, all: 400 } as const;

/**
 * Whole days of a place's calendar, the last one so many days before today; Unix milliseconds.
 * @param back how many spans before the one that holds now
 */
export function spanBounds(span: Span, back: number, nowMs: number, timeZone: string) {
  const days = DAYS[span];
  const last = addDays(civilDate(nowMs, timeZone), -back * days);
  const { startMs } = dayBounds(addDays(last, 1 - days), timeZone);
  const { endMs } = dayBounds(last, timeZone);
  // A question takes 400 days of 24 hours at most.
  return { fromMs: Math.max(startMs, endMs - DAYS.all * DAY_MS), untilMs: endMs };
}
