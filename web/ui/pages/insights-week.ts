/** Seven days of the Store page: the same pieces as of a day, day by day. No state, no element. */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { WeekInsights } from '../../../shared/contracts/insights.ts';
import type { ShopDay } from '../../../shared/contracts/shop-day.ts';
import { addDays } from '../../../shared/metrics/time-zone.ts';
import { comparison, dayName, figure, hourRange, shortDay, weekday } from '../format.ts';
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
      ${noteList(insights, show.shopDays)} ${daysTable(insights)}
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

/** A bar a day; one with a note has a star, which the list below explains. */
function bars({ days }: WeekInsights, shopDays: readonly ShopDay[]): HourBar[] {
  const noted = new Set(shopDays.filter(({ note }) => note).map(({ day }) => day));
  return days.map(({ day, visits, comparison: c }) => ({
    label: noted.has(day) ? `${shortDay(day)} *` : shortDay(day),
    range: dayName(day),
    visits,
    before: c?.visitors_week_before ?? null,
  }));
}

function chart(insights: WeekInsights, { shopDays }: WeekOptions): TemplateResult {
  const known = insights.days.filter(({ visits }) => visits !== null).length;
  const summary = msg(str`Visits by day, ${figure(known)} of seven days with numbers.`);
  return html`<jb-chart-hours .hours=${bars(insights, shopDays)} front=${msg('This week')}
    summary=${summary} against=${against(insights)}></jb-chart-hours>`;
}

function noteList(
  { from, to }: WeekInsights,
  shopDays: readonly ShopDay[],
): TemplateResult | typeof nothing {
  const noted = shopDays.filter(({ day, note }) => note && day >= from && day <= to);
  if (noted.length === 0) return nothing;
  return html`<ul class="notes small">${noted.map(
    ({ day, note }) => html`<li><b>* ${weekday(day)}</b> ${note}</li>`,
  )}</ul>`;
}

function daysTable(insights: WeekInsights): TemplateResult {
  return html`<details class="table">
    <summary>${msg('Show as a table')}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${msg('Visits by day')}><table>
      <caption class="visually-hidden">${msg('Visits by day')}</caption>
      <thead><tr><th scope="col">${msg('Day')}</th>
        <th scope="col">${msg('This week')}</th>
        <th scope="col">${against(insights)}</th></tr></thead>
      <tbody>${insights.days.map(
        ({ day, visits, comparison: c }) => html`<tr><th scope="row">${dayName(day)}</th>
          <td>${visits === null ? msg('no data') : figure(visits)}</td>
          <td>${c ? figure(c.visitors_week_before) : msg('no data')}</td></tr>`,
      )}</tbody>
    </table></div>
  </details>`;
}
