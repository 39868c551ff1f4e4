/**
 * Civil days and hours of a place, by the time-zone data behind Intl. Instants are milliseconds
 * since 1970 UTC; days are `YYYY-MM-DD` by the place's calendar. A day may have 23, 24 or 25 hours,
 * and need not begin at 00:00. Knows no metric.
 */
import { isoDay } from '../time.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A stretch of one local clock hour. After clocks go back the same `hour` comes again. */
export interface LocalHour {
  startMs: number;
  endMs: number;
  /** 0 … 23 by the local clock. */
  hour: number;
  /** Local clock at `startMs`, milliseconds since its midnight. */
  clockMs: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs far more than using it; there are only some 400 zones to keep. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}

/** The local wall clock at an instant, written as if it were UTC milliseconds. */
export function localMs(instantMs: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(instantMs)) {
    part[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) + modulo(instantMs, 1000);
}

/** Local clock minus UTC in milliseconds: −28,800,000 in Los Angeles in winter. */
function offsetMs(instantMs: number, timeZone: string): number {
  return localMs(instantMs, timeZone) - instantMs;
}

/** The date on the wall at an instant. */
export function civilDate(instantMs: number, timeZone: string): string {
  return isoDay(localMs(instantMs, timeZone));
}

/** Milliseconds since midnight on the wall clock at an instant. */
export function clockMs(instantMs: number, timeZone: string): number {
  return modulo(localMs(instantMs, timeZone), DAY_MS);
}

/** The date `days` later (negative: earlier) in the calendar. */
export function addDays(day: string, days: number): string {
  return isoDay(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
}

/** Day of the week of a date: 1 = Monday … 7 = Sunday (ISO 8601). */
export function isoWeekday(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** First instant of a day and first instant of the next. */
export function dayBounds(day: string, timeZone: string): { startMs: number; endMs: number } {
  return { startMs: dayStart(day, timeZone), endMs: dayStart(addDays(day, 1), timeZone) };
}

/** The day's local clock hours in order: 24 of them, 23 or 25 when the clocks change. */
export function localHours(day: string, timeZone: string): LocalHour[] {
  const { startMs, endMs } = dayBounds(day, timeZone);
  const hours: LocalHour[] = [];
  for (let at = startMs; at < endMs; ) {
    const offset = offsetMs(at, timeZone);
    const clock = modulo(at + offset, DAY_MS);
    const full = at + HOUR_MS - modulo(clock, HOUR_MS);
    const changes = offsetMs(full - 1, timeZone) !== offset;
    const next = changes ? firstInstant(at, full, (t) => offsetMs(t, timeZone) !== offset) : full;
    const hour = Math.floor(clock / HOUR_MS);
    hours.push({ startMs: at, endMs: Math.min(next, endMs), hour, clockMs: clock });
    at = next;
  }
  return hours;
}

/** No zone is further than 26 hours from UTC. */
const OFFSET_MAX_MS = 26 * HOUR_MS;

/** A day's start lies within an offset of its name. */
function dayStart(day: string, timeZone: string): number {
  const named = Date.parse(`${day}T00:00:00Z`);
  const [low, high] = [named - OFFSET_MAX_MS, named + OFFSET_MAX_MS];
  // Where the clocks stay as they are there is nothing to search for: most days of most places.
  // Beyond the year 9999 nothing is found, and the last day before it has no hours; before the
  // year 100 a date's parts are not those of an instant, and what they make is no offset.
  const offset = offsetMs(low, timeZone);
  const isOffset = /^\d{4}-/.test(day) && Math.abs(offset) <= OFFSET_MAX_MS;
  if (isOffset && offsetMs(high, timeZone) === offset) return named - offset;
  return firstInstant(low, high, (t) => civilDate(t, timeZone) >= day);
}

/** The first instant in (low, high] from which `holds` is true, to the second, by bisection. */
function firstInstant(low: number, high: number, holds: (t: number) => boolean): number {
  let before = Math.floor(low / 1000);
  let after = Math.ceil(high / 1000);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (holds(middle * 1000)) after = middle;
    else before = middle;
  }
  return after * 1000;
}

function modulo(n: number, m: number): number {
  return ((n % m) + m) % m;
}
