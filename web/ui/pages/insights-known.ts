/**
 * The sentences that say for when and for what the numbers of a day are true: its name, until when
 * it is known, against what it is compared. No element, no state.
 */

import { msg, str } from '@lit/localize';
import type { Insights } from '../../../shared/contracts/insights.ts';
import { addDays, civilDate, dayBounds } from '../../../shared/metrics/time-zone.ts';
import { DEFAULT_INTERVAL_S, LATE_AFTER_REPORTS } from '../../../shared/metrics/unit-state.ts';
import type { Summed } from '../../app/insights-sum.ts';
import { comparison, dayName, timeOfDay, weekday } from '../format.ts';

/** Numbers that end longer ago than this are late: three missed five-minute reports. */
const LATE_MS = LATE_AFTER_REPORTS * DEFAULT_INTERVAL_S * 1000;

/** A place and a day of it. */
export type Dated = Pick<Insights, 'day' | 'location'>;

/** What the page knows beside the numbers. */
export interface Seen {
  /** Unix milliseconds by the server's clock; null while that was not heard. */
  nowMs: number | null;
  /** What is shown is what this device kept, and the server has not confirmed it. */
  remembered: boolean;
  /** The server was asked and has not answered. */
  failed: boolean;
}

/** `today` or `yesterday` where that is certain. */
function dayWord({ day, location }: Dated, { nowMs }: Seen): 'today' | 'yesterday' | null {
  if (nowMs === null) return null;
  const today = civilDate(nowMs, location.time_zone);
  if (day === today) return 'today';
  return day === addDays(today, -1) ? 'yesterday' : null;
}

/** Whether the day is certainly the shop's today. */
export const isToday = (of: Dated, seen: Seen): boolean => dayWord(of, seen) === 'today';

/** `Visitors today`, `Visitors on Friday 20 November`. */
export function visitorsOn(insights: Insights, seen: Seen): string {
  const word = dayWord(insights, seen);
  if (word === 'today') return msg('Visitors today');
  if (word === 'yesterday') return msg('Visitors yesterday');
  return msg(str`Visitors on ${dayName(insights.day)}`);
}

/** `Visitors today`, `Visitors yesterday, until 11:40`: what the big number is. */
export function heroTitle(insights: Insights, seen: Seen): string {
  const visitors = visitorsOn(insights, seen);
  const until = isToday(insights, seen) ? null : knownUntil(insights);
  return until ? msg(str`${visitors}, until ${until}`) : visitors;
}

/** `Friday before`: the same weekday a week earlier; any other day by its date. */
export function weekBefore({ day, against }: Insights): string {
  if (against !== addDays(day, -7)) return dayName(against);
  const dayOfWeek = weekday(day);
  return msg(str`${dayOfWeek} before`);
}

/** Until when the numbers reach, and whether that is worth a warning. */
export function asOf(
  insights: Insights & Summed,
  seen: Seen,
): { words: string; late: boolean } | null {
  const until = knownUntil(insights);
  const unconfirmed = seen.failed && seen.remembered;
  if (until === null) return unconfirmed ? { words: msg('not refreshed'), late: true } : null;
  const isNow = isToday(insights, seen);
  const heard = insights.heard_until ?? insights.known_until ?? '';
  const isSilent = isNow && (seen.nowMs ?? 0) - Date.parse(heard) > LATE_MS;
  const plain =
    isNow || seen.nowMs === null ? msg(str`as of ${until}`) : msg(str`known until ${until}`);
  const words = insights.own_clocks ? msg(str`${plain}, by each shop’s own clock`) : plain;
  const late = isSilent || seen.failed;
  return { words: seen.failed ? msg(str`${words}, not refreshed`) : words, late };
}

/** Whether there are numbers to the day's end; a part may be missing all the same. */
export function reachesEnd({ day, location, known_until }: Insights): boolean {
  if (known_until === null) return false;
  return Date.parse(known_until) >= dayBounds(day, location.time_zone).endMs - LATE_MS;
}

/** The clock time at which an unfinished day ends to be known; null for one known to its end. */
function knownUntil(insights: Insights): string | null {
  const { known_until, location } = insights;
  if (known_until === null || reachesEnd(insights)) return null;
  return timeOfDay(known_until, location.time_zone);
}

/** `Up to 11:30: 12 % more than last Friday`, or null when there is nothing to compare with. */
export function weekComparison(insights: Insights): string | null {
  const { comparison: c, day, location } = insights;
  if (c === null) return null;
  const dayOfWeek = weekday(day);
  const isUsual = insights.against === addDays(day, -7);
  const other = isUsual ? msg(str`last ${dayOfWeek}`) : dayName(insights.against);
  const plain = comparison(c.visitors, c.visitors_week_before, other);
  const words = c.has_gaps
    ? msg(str`${plain}, over the hours that both days have numbers for`)
    : plain;
  const { endMs } = dayBounds(day, location.time_zone);
  if (Date.parse(c.until) >= endMs - LATE_MS) return words;
  const lower = words.charAt(0).toLowerCase() + words.slice(1);
  const until = timeOfDay(c.until, location.time_zone);
  return msg(str`Up to ${until}: ${lower}`);
}
