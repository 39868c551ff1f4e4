/** Seven days of the Store page: the same pieces as of a day, day by day. No state, no element. */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { WeekInsights } from '../../../shared/contracts/insights.ts';
import type { ShopDay } from '../../../shared/contracts/shop-day.ts';
import { addDays } from '../../../shared/metrics/time-zone.ts';
import type { ChartNote } from '../elements/chart-notes.ts';
import { comparison, dayName, figure, hourRange, plural, shortDay, weekday } from '../format.ts';
import { about } from './insights-about.ts';
import { type HourBar, three } from './insights-day.ts';
import { howExact } from './insights-estimate.ts';
import { passing } from './insights-hero.ts';
import { isToday, type Seen } from './insights-known.ts';
import { missing, noSensor } from './insights-missing.ts';
import { qualityBadge } from './insights-quality.ts';

/** What the page has beside the numbers. */
export interface WeekOptions {
  /** What the owner said of days. */
  shopDays: readonly ShopDay[];
}

export function week(insights: WeekInsights, seen: Seen, show: WeekOptions): TemplateResult {
  const { units, visitors } = insights;
  const of = { ...insights, day: insights.to };
  if (visitors === null && units.total === 0) {
    return html`<p>${noSensor(isToday(of, seen))}</p>`;
  }
  return html`
    <div class="first">${hero(insights)}
      ${qualityBadge(units.quality, of, units.total === 1)}
      ${missing(of, seen)}${howExact()}</div>
    <section aria-labelledby="when">
      <div class="title">
        <h2 id="when">${msg('On which days do people come?')}</h2>
        <p class="key" aria-hidden="true"><span class="front">${msg('This week')}</span>
          <span class="behind">${against(insights)}</span></p>
      </div>
      ${chart(insights, show)}
      <p class="small muted" data-testid="partial">${partialSentence(insights)}</p>
      ${onPaper(notesOf(insights, show.shopDays))}
      ${daysTable(insights, show.shopDays)}
    </section>
    ${three(insights)}
  `;
}

/** What it is compared with. */
function against(insights: WeekInsights): string {
  const isUsual = insights.against === addDays(insights.to, -7);
  if (isUsual) return msg('The week before');
  const [from, to] = [shortDay(addDays(insights.against, -6)), shortDay(insights.against)];
  return msg(str`${from} to ${to}`);
}

function hero(insights: WeekInsights): TemplateResult {
  const { visitors, comparison: c, busiest_day, busiest_hour, passers_by } = insights;
  const isUsual = insights.against === addDays(insights.to, -7);
  const other = isUsual ? msg('in the week before') : against(insights);
  const words = c && comparison(c.visitors, c.visitors_week_before, other);
  const gaps = c?.has_gaps ? msg(str`${words}, over the hours that both have numbers for`) : words;
  return html`<section class="hero">
    <dl>
      <div>
        <dt>${msg('Visitors in this week')}</dt>
        <dd class="big" data-testid="visitors">${about(visitors)}</dd>
        ${gaps ? html`<dd class="muted">${gaps}</dd>` : nothing}
      </div>
      <div>
        <dt>${msg('Busiest day')}</dt>
        <dd class="middle" data-testid="busiest-day">${
          busiest_day ? weekday(busiest_day) : '–'
        }</dd>
      </div>
      ${busiestHour(busiest_hour)}
      ${passing(visitors, passers_by)}
    </dl>
  </section>`;
}

/** Nothing where nobody came, or several shops have each their own. */
function busiestHour(hour: number | null): TemplateResult | typeof nothing {
  if (hour === null) return nothing;
  return html`<div>
    <dt>${msg('Busiest hour')}</dt>
    <dd class="middle" data-testid="busiest">${hourRange(hour)}</dd>
  </div>`;
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
function partialSentence({ days }: WeekInsights): string {
  return days
    .filter(({ hours_missing }) => hours_missing)
    .map(({ day, hours_missing = 0 }) => {
      const name = weekday(day);
      return plural(hours_missing, {
        one: msg(str`${name} lacks the numbers of one hour.`),
        other: msg(str`${name} lacks the numbers of ${figure(hours_missing)} hours.`),
      });
    })
    .join(' ');
}

/** Those of the week, each over its day. */
function notesOf({ days }: WeekInsights, shopDays: readonly ShopDay[]): ChartNote[] {
  return days.flatMap(({ day }, at) => {
    const text = shopDays.find((said) => said.day === day)?.note;
    return text ? [{ at, of: weekday(day), text }] : [];
  });
}

function chart(insights: WeekInsights, { shopDays }: WeekOptions): TemplateResult {
  const known = insights.days.filter(({ visits }) => visits !== null).length;
  const words = msg(str`Visits by day, ${figure(known)} of seven days with numbers.`);
  const summary = [words, partialSentence(insights)].filter(Boolean).join(' ');
  return html`<jb-chart-hours .hours=${bars(insights)} .notes=${notesOf(insights, shopDays)}
    front=${msg('This week')}
    summary=${summary} against=${against(insights)}></jb-chart-hours>`;
}

/** Paper cannot be pointed at: all of their words. */
const onPaper = (notes: readonly ChartNote[]) =>
  html`<ul class="notes small">${notes.map(
    ({ of, text }) => html`<li><b>${of}</b> <bdi>${text}</bdi></li>`,
  )}</ul>`;

function daysTable(insights: WeekInsights, shopDays: readonly ShopDay[]): TemplateResult {
  const notes = notesOf(insights, shopDays);
  return html`<details class="table">
    <summary>${msg('Show as a table')}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${msg('Visits by day')}><table>
      <caption class="visually-hidden">${msg('Visits by day')}</caption>
      <thead><tr><th scope="col">${msg('Day')}</th>
        <th scope="col">${msg('This week')}</th>
        <th scope="col">${against(insights)}</th>
        ${notes.length > 0 ? html`<th scope="col">${msg('Your note')}</th>` : nothing}</tr></thead>
      <tbody>${insights.days.map(
        ({ day, visits, comparison: c }, at) => html`<tr><th scope="row">${dayName(day)}</th>
          <td>${visits === null ? msg('no data') : figure(visits)}</td>
          <td>${c ? figure(c.visitors_week_before) : msg('no data')}</td>
          ${notes.length > 0 ? noteCell(notes.find((note) => note.at === at)) : nothing}</tr>`,
      )}</tbody>
    </table></div>
  </details>`;
}

const noteCell = (note: ChartNote | undefined) => html`<td><bdi>${note?.text ?? ''}</bdi></td>`;
