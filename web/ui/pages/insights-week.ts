/** Seven days of the Store page: the same pieces as of a day, day by day. No state, no element. */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { WeekInsights } from '../../../shared/contracts/insights.ts';
import { comparison, dayName, figure, hourRange, weekday } from '../format.ts';
import { about } from './insights-about.ts';
import { three } from './insights-day.ts';
import { howExact } from './insights-estimate.ts';
import { passing } from './insights-hero.ts';
import { isToday, type Seen } from './insights-known.ts';
import { missing, noSensor } from './insights-missing.ts';
import { qualityBadge } from './insights-quality.ts';
import {
  against,
  chart,
  isUsual,
  noteCell,
  noteHead,
  notesOf,
  onPaper,
  partialSentence,
  type WeekOptions,
} from './insights-week-chart.ts';

export function week(insights: WeekInsights, seen: Seen, show: WeekOptions): TemplateResult {
  const { units, visitors } = insights;
  const of = { ...insights, day: insights.to };
  if (visitors === null && units.total === 0) {
    return html`<p>${noSensor(isToday(of, seen))}</p>`;
  }
  const notes = notesOf(insights, show);
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
      ${chart(insights, notes)}
      <p class="small muted" data-testid="partial">${partialSentence(insights)}</p>
      ${onPaper(notes)}
      ${daysTable(insights, notes)}
    </section>
    ${three(insights)}
  `;
}

function hero(insights: WeekInsights): TemplateResult {
  const { visitors, comparison: c, busiest_day, busiest_hour, passers_by } = insights;
  const other = isUsual(insights) ? msg('in the week before') : against(insights);
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

function daysTable(insights: WeekInsights, notes: ReturnType<typeof notesOf>): TemplateResult {
  return html`<details class="table">
    <summary>${msg('Show as a table')}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label=${msg('Visits by day')}><table>
      <caption class="visually-hidden">${msg('Visits by day')}</caption>
      <thead><tr><th scope="col">${msg('Day')}</th>
        <th scope="col">${msg('This week')}</th>
        <th scope="col">${against(insights)}</th>
        ${noteHead(notes)}</tr></thead>
      <tbody>${insights.days.map(
        ({ day, visits, comparison: c }, at) => html`<tr><th scope="row">${dayName(day)}</th>
          <td>${visits === null ? msg('no data') : figure(visits)}</td>
          <td>${c ? figure(c.visitors_week_before) : msg('no data')}</td>
          ${noteCell(notes, at)}</tr>`,
      )}</tbody>
    </table></div>
  </details>`;
}
