/** Pieces of the Store page that need nothing but the numbers. No state, no own element. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Insights } from '../../../shared/contracts/insights.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { DayChoice } from '../../app/insights.ts';
import '../elements/notice.ts';
import '../elements/scale-bars.ts';
import { figure, hourRange, weekday } from '../format.ts';
import * as words from './store-words.ts';

export function hero(choice: DayChoice, insights: Insights): TemplateResult {
  const comparison = words.weekComparison(insights, choice === 'today');
  const busiest = insights.busiest_hour;
  return html`<section class="hero">
    <dl>
      <div>
        <dt>Visitors ${choice}</dt>
        <dd class="big" data-testid="visitors">${figure(insights.visitors)}</dd>
        ${comparison ? html`<dd class="muted">${comparison}</dd>` : nothing}
      </div>
      <div>
        <dt>Busiest hour</dt>
        <dd class="middle" data-testid="busiest">${busiest === null ? '–' : hourRange(busiest)}</dd>
      </div>
    </dl>
  </section>`;
}

export function hoursTable(insights: Insights): TemplateResult {
  const day = weekday(insights.day);
  return html`<details class="table">
    <summary>Show as a table</summary>
    <table>
      <caption class="visually-hidden">Visits by hour</caption>
      <thead><tr><th scope="col">Hour</th><th scope="col">This day</th>
        <th scope="col">${day} before</th></tr></thead>
      <tbody>${words.hourBars(insights).map(
        (h) => html`<tr><th scope="row">${h.range}</th>
          <td>${h.visits === null ? 'no data' : figure(h.visits)}</td>
          <td>${h.before === null ? 'no data' : figure(h.before)}</td></tr>`,
      )}</tbody>
    </table>
  </details>`;
}

export function footnote({ units }: Insights): TemplateResult {
  const silent = units.total - units.reporting;
  return html`<p class="foot small muted">Visitors are an estimate from phones nearby. No phone is
    ever identified.${
      silent > 0 && units.total > 0
        ? html` <strong>${units.reporting} of ${units.total} sensors</strong> have reported on this
        day.`
        : nothing
    }</p>`;
}

export function emptyDay(choice: DayChoice, { units }: Insights): TemplateResult {
  const next =
    units.total === 0
      ? 'No sensor is set up here yet. Numbers appear about five minutes after the first one starts.'
      : 'Numbers appear about five minutes after a sensor reports. If none has for an hour, check that it has power.';
  return html`<section class="hero"><dl><div>
    <dt>Visitors ${choice}</dt>
    <dd class="big none">–</dd>
    <dd class="muted">Nothing has been counted
      ${choice === 'today' ? 'yet today' : 'on this day'}.</dd>
  </div></dl></section><p>${next}</p>`;
}

export function forOwners(error: AppError): TemplateResult {
  return html`<div class="page narrow">
    <h1 tabindex="-1">My store</h1>
    <jb-notice tone="warn" .error=${error} headline="This page is for shop owners"
      advice="Your account prepares units. To see visitors, sign in as the owner of a shop.">
      <a class="button" href="/bench">Open the bench</a>
      <a class="button" href="/sign-in">Account</a>
    </jb-notice>
  </div>`;
}

export function noLocations(): TemplateResult {
  return html`<div class="page narrow"><h1 tabindex="-1">My store</h1>
    <p>No store belongs to your account yet. Once your installer has added it, you will see here how
      many people visit, when they come and how long they stay.</p></div>`;
}

/** Appears only after 300 ms: most answers are there before. */
export function skeleton(): TemplateResult {
  return html`<div class="page skeleton" role="status" aria-label="Loading your numbers">
    <div class="bone title"></div><div class="bone number"></div><div class="bone chart"></div>
  </div>`;
}
