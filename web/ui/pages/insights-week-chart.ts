/** The Store page's chart of seven days, with what stands on it and below. No state, no element. */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { WeekInsights } from '../../../shared/contracts/insights.ts';
import type { ShopDay } from '../../../shared/contracts/shop-day.ts';
import { addDays } from '../../../shared/metrics/time-zone.ts';
import type { HourBar } from '../elements/chart-hours.ts';
import type { ChartNote } from '../elements/chart-notes.ts';
import { dayName, figure, plural, shortDay, weekday } from '../format.ts';

/** What the page has beside the numbers. */
export interface WeekOptions {
  /** What the owner said of days. */
  shopDays: readonly ShopDay[];
}

export const isUsual = ({ against, to }: WeekInsights) => against === addDays(to, -7);

/** What it is compared with. */
export function against(insights: WeekInsights): string {
  if (isUsual(insights)) return msg('The week before');
  const [from, to] = [shortDay(addDays(insights.against, -6)), shortDay(insights.against)];
  return msg(str`${from} to ${to}`);
}

function bars({ days }: WeekInsights): HourBar[] {
  return days.map(({ day, visits, comparison: c, hours_missing }) => ({
    label: shortDay(day),
    range: dayName(day),
    visits,
    before: c?.visitors_week_before ?? null,
    isPartial: (hours_missing ?? 0) > 0,
  }));
}

/** Which bars are too low, and by how much of their day; empty when none is. */
export function partialSentence({ days }: WeekInsights): string {
  return days
    .filter(({ hours_missing }) => hours_missing)
    .map(({ day, hours_missing = 0 }) => {
      const dayOfWeek = weekday(day);
      return plural(hours_missing, {
        one: msg(str`${dayOfWeek} lacks the numbers of one hour.`),
        other: msg(str`${dayOfWeek} lacks the numbers of ${figure(hours_missing)} hours.`),
      });
    })
    .join(' ');
}

/** Those of the week, each over its day. */
export function notesOf({ days }: WeekInsights, { shopDays }: WeekOptions): ChartNote[] {
  return days.flatMap(({ day }, at) => {
    const text = shopDays.find((said) => said.day === day)?.note;
    return text ? [{ at, of: weekday(day), text }] : [];
  });
}

export function chart(insights: WeekInsights, notes: readonly ChartNote[]): TemplateResult {
  const known = insights.days.filter(({ visits }) => visits !== null).length;
  const words = msg(str`Visits by day, ${figure(known)} of seven days with numbers.`);
  const summary = [words, partialSentence(insights)].filter(Boolean).join(' ');
  return html`<jb-chart-hours .hours=${bars(insights)} .notes=${notes}
    front=${msg('This week')}
    summary=${summary} against=${against(insights)}></jb-chart-hours>`;
}

/** Paper cannot be pointed at: all of their words. */
export const onPaper = (notes: readonly ChartNote[]) =>
  html`<ul class="notes small">${notes.map(
    ({ of, text }) => html`<li><b>${of}</b> <bdi>${text}</bdi></li>`,
  )}</ul>`;

/** Of the day `at`; nothing where the table has no notes at all. */
export const noteCell = (notes: readonly ChartNote[], at: number) =>
  notes.length === 0
    ? nothing
    : html`<td><bdi>${notes.find((note) => note.at === at)?.text ?? ''}</bdi></td>`;

export const noteHead = (notes: readonly ChartNote[]) =>
  notes.length === 0 ? nothing : html`<th scope="col">${msg('Your note')}</th>`;
