/**
 * The owner's words for what the backend calls by wire names, and the sentences of the Store page
 * that need a little thought. No element, no state.
 */

import { msg, str } from '@lit/localize';
import type { InsightHour, Insights } from '../../../shared/contracts/insights.ts';
import type { OpeningTime } from '../../../shared/contracts/opening-hours.ts';
import { isOpen } from '../../../shared/metrics/opening-hours.ts';
import { isoWeekday } from '../../../shared/metrics/time-zone.ts';
import { isoTimeMs } from '../../../shared/time.ts';
import type { HourBar } from '../elements/chart-hours.ts';
import type { ScaleRow } from '../elements/scale-bars.ts';
import { figure, hourLabel, hourRange, plural, timeOfDay } from '../format.ts';
import { reachesEnd } from './insights-known.ts';

export function zoneRows(zones: Insights['zones']): ScaleRow[] {
  return [
    row(msg('At Counter'), msg('closest'), zones.rssi_immediate, '--zone-1'),
    row(msg('In Store'), '', zones.rssi_near, '--zone-2'),
    row(msg('Window Shopping'), '', zones.rssi_far, '--zone-3'),
    row(msg('Walking Past'), msg('farthest'), zones.rssi_remote, '--zone-4'),
  ];
}

export function stayRows(stays: Insights['stays']): ScaleRow[] {
  return [
    row(msg('Quick Glance'), msg('under 1 minute'), stays.dwell_0_1, '--stay-1'),
    row(msg('Browsing'), msg('1–5 minutes'), stays.dwell_1_5, '--stay-2'),
    row(msg('Shopping'), msg('5–10 minutes'), stays.dwell_5_10, '--stay-3'),
    row(msg('Loyal Customer'), msg('10 minutes or more'), stays.dwell_10plus, '--stay-4'),
  ];
}

export function makerRows(composition: Insights['composition']): ScaleRow[] {
  return [
    row('Apple', '', composition.ble_apple, '--zone-2'),
    row(msg('Other'), '', composition.ble_other, '--stay-2'),
  ];
}

function row(label: string, note: string, value: number, colour: string): ScaleRow {
  return { label, note, value, colour };
}

/**
 * The chart's bars: the day's hours with those of the other day behind them, and in words.
 * @param openingHours hours in which the shop is closed are grey
 */
export function hourBars(
  insights: Insights,
  openingHours: readonly OpeningTime[] = [],
): (HourBar & { words: string })[] {
  const day = isoWeekday(insights.day);
  return insights.hours.map((h, i) => ({
    isClosed: isOpen(openingHours, day, h.hour) === false,
    label: hourLabel(h.hour),
    range: hourRange(h.hour),
    visits: h.visits,
    before: insights.hours_week_before[i]?.visits ?? null,
    words: hourText(insights, h, insights.hours[i + 1]?.start),
  }));
}

/**
 * An hour of the table: a figure, until when it is known, or why there is none.
 * @param next when the next one begins: where clocks change by half an hour, earlier than usual
 */
function hourText(insights: Insights, hour: InsightHour, next: string | undefined): string {
  const { known_until, location } = insights;
  const until = known_until === null ? 0 : Date.parse(known_until);
  const start = Date.parse(hour.start);
  if (hour.visits === null) return start >= until ? '–' : msg('no data');
  const end = next === undefined ? start + HOUR_MS : Date.parse(next);
  const isCut = until < end && !reachesEnd(insights);
  const words = figure(hour.visits);
  if (!isCut) return words;
  const time = timeOfDay(isoTimeMs(until), location.time_zone);
  return msg(str`${words} until ${time}`);
}

const HOUR_MS = 3_600_000;

/** The chart in one sentence. */
export function hoursSummary(insights: Insights): string {
  const known = insights.hours.filter((h) => h.visits !== null);
  if (known.length === 0) return msg('No hour of this day has numbers yet.');
  const gaps = gapSentence(insights);
  const busiest = insights.busiest_hour;
  const hours = plural(known.length, {
    one: msg('Visits by hour, one hour with numbers.'),
    other: msg(str`Visits by hour, ${figure(known.length)} hours with numbers.`),
  });
  const range = busiest === null ? '' : hourRange(busiest);
  const peak = range && msg(str`The busiest was ${range}.`);
  return [hours, peak, gaps].filter((sentence) => sentence !== '').join(' ');
}

/** Says which hours in the middle of the day have no data; empty when none is missing. */
export function gapSentence(insights: Insights): string {
  const gaps = gapsBetween(insights.hours);
  if (gaps.length === 0) return '';
  const shown = gaps
    .slice(0, 4)
    .map((h) => hourRange(h.hour))
    .join(', ');
  const more = gaps.length - 4;
  if (more <= 0) return msg(str`No data for ${shown}.`);
  return plural(more, {
    one: msg(str`No data for ${shown} and one more hour.`),
    other: msg(str`No data for ${shown} and ${figure(more)} more hours.`),
  });
}

/** Hours without data that have data before and after: the day's edges are not gaps. */
function gapsBetween(hours: readonly InsightHour[]): InsightHour[] {
  const first = hours.findIndex((h) => h.visits !== null);
  const last = hours.findLastIndex((h) => h.visits !== null);
  return hours.filter((h, i) => i > first && i < last && h.visits === null);
}
