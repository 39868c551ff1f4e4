/**
 * The sentences that say for when and for what the numbers of a day are true: its name, until when
 * it is known, against what it is compared, whose part is missing. No element, no state.
 */

import { msg, str } from '@lit/localize';
import type { Insights, MissingPart } from '../../../shared/contracts/insights.ts';
import { addDays, civilDate, dayBounds } from '../../../shared/metrics/time-zone.ts';
import { DEFAULT_INTERVAL_S, LATE_AFTER_REPORTS } from '../../../shared/metrics/unit-state.ts';
import { comparison, dayName, figure, plural, timeOfDay, weekday } from '../format.ts';

/** Numbers that end longer ago than this are late: three missed five-minute reports. */
const LATE_MS = LATE_AFTER_REPORTS * DEFAULT_INTERVAL_S * 1000;

/** Parts listed one by one; of more, how many. */
const PARTS_SHOWN_MAX = 3;

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
function dayWord({ day, location }: Insights, { nowMs }: Seen): 'today' | 'yesterday' | null {
  if (nowMs === null) return null;
  const today = civilDate(nowMs, location.time_zone);
  if (day === today) return 'today';
  return day === addDays(today, -1) ? 'yesterday' : null;
}

/** Whether the day is certainly the shop's today. */
export const isToday = (insights: Insights, seen: Seen): boolean =>
  dayWord(insights, seen) === 'today';

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

/** `Friday before`: the same weekday a week earlier. */
export function weekBefore({ day }: Insights): string {
  const name = weekday(day);
  return msg(str`${name} before`);
}

/** Until when the numbers reach, and whether that is worth a warning. */
export function asOf(insights: Insights, seen: Seen): { words: string; late: boolean } | null {
  const until = knownUntil(insights);
  const unconfirmed = seen.failed && seen.remembered;
  if (until === null) return unconfirmed ? { words: msg('not refreshed'), late: true } : null;
  const isNow = isToday(insights, seen);
  const isSilent = isNow && (seen.nowMs ?? 0) - Date.parse(insights.known_until ?? '') > LATE_MS;
  const words =
    isNow || seen.nowMs === null ? msg(str`as of ${until}`) : msg(str`known until ${until}`);
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
  const name = weekday(day);
  const plain = comparison(c.visitors, c.visitors_week_before, msg(str`last ${name}`));
  const words = c.has_gaps
    ? msg(str`${plain}, over the hours that both days have numbers for`)
    : plain;
  const { endMs } = dayBounds(day, location.time_zone);
  if (Date.parse(c.until) >= endMs - LATE_MS) return words;
  const lower = words.charAt(0).toLowerCase() + words.slice(1);
  const until = timeOfDay(c.until, location.time_zone);
  return msg(str`Up to ${until}: ${lower}`);
}

/** A sentence of a part that is missing. */
export interface MissingText {
  what: string;
  /** It is missing still, or was to the end of the day. */
  isOpen: boolean;
}

/** Which part of the numbers is missing, what is missing still first. */
export function missingText(insights: Insights, seen: Seen): MissingText[] {
  const { units } = insights;
  const isOnly = units.total === 1;
  // With one sensor, a silence that has ended is the gap in the chart, and shown there.
  const shown = units.missing.filter((part) => part.to === null || !isOnly);
  const open = shown.filter((part) => part.to === null);
  const over = shown.filter((part) => part.to !== null);
  const isNow = isToday(insights, seen);
  const sentences = [...open, ...over].map((part) => ({
    what: sentence(part, insights, isOnly, isNow),
    isOpen: part.to === null,
  }));
  const more = sentences.length - PARTS_SHOWN_MAX;
  if (more <= 0) return sentences;
  const isOpen = open.length > PARTS_SHOWN_MAX;
  const rest = plural(more, {
    one: msg('One more stretch is missing.'),
    other: msg(str`${figure(more)} more stretches are missing.`),
  });
  return [...sentences.slice(0, PARTS_SHOWN_MAX), { what: rest, isOpen }];
}

function sentence(part: MissingPart, insights: Insights, isOnly: boolean, isNow: boolean): string {
  const name = part.name ?? part.device_id;
  const who = isOnly ? msg('your sensor') : msg(str`the sensor ${name}`);
  const { from, to } = part;
  if (from === null) return msg(str`No numbers have come from ${who} yet.`);
  const time = moment(from, insights);
  if (to !== null) {
    const end = moment(to, insights);
    return msg(str`No numbers from ${who} from ${time} to ${end}.`);
  }
  return isNow
    ? msg(str`No numbers from ${who} since ${time}.`)
    : msg(str`No numbers from ${who} after ${time}.`);
}

/** The time, with its day as soon as that is another than the one shown. */
function moment(iso: string, { location, day }: Insights): string {
  const zone = location.time_zone;
  const time = timeOfDay(iso, zone);
  const date = civilDate(Date.parse(iso), zone);
  return date === day ? time : `${dayName(date)}, ${time}`;
}
