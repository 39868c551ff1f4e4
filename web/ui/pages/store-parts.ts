/** Pieces of the Store page that need nothing but the numbers. No state, no own element. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Insights } from '../../../shared/contracts/insights.ts';
import type { AppError } from '../../../shared/errors.ts';
import { icon } from '../elements/icons.ts';
import '../elements/notice.ts';
import '../elements/scale-bars.ts';
import { dayName, figure, hourRange, weekday } from '../format.ts';
import * as known from './store-known.ts';
import * as words from './store-words.ts';

/** @param pickers of the place and the day */
export function heading(
  insights: Insights,
  seen: known.Seen,
  pickers: TemplateResult,
): TemplateResult {
  const asOf = known.asOf(insights, seen);
  return html`<div class="top">
    <div>
      <h1 tabindex="-1">${insights.location.name}</h1>
      <p class="muted">${dayName(insights.day)}${
        asOf
          ? html` <span class="sep">·</span>
            <span class=${asOf.late ? 'as-of old' : 'as-of'}>${asOf.words}</span>`
          : nothing
      }</p>
    </div>
    <div class="pickers">${pickers}</div>
  </div>`;
}

/** @param chartReady whether the chart's element has been fetched */
export function numbers(insights: Insights, seen: known.Seen, chartReady: boolean): TemplateResult {
  return html`
    <div class="first">${hero(insights, seen)}${missing(insights, seen)}</div>
    <section aria-labelledby="when">
      <div class="title">
        <h2 id="when">When do people come?</h2>
        <p class="key" aria-hidden="true"><span class="front">This day</span>
          <span class="behind">${weekday(insights.day)} before</span></p>
      </div>
      ${chartReady ? chart(insights) : html`<div class="chart-place"></div>`}
      <p class="small muted">${words.gapSentence(insights)}</p>
      ${hoursTable(insights)}
    </section>
    <div class="three">
      <section>
        <h2>Where are they?</h2>
        <p class="small muted">Minutes that phones were noticed in each zone.</p>
        <jb-scale-bars unit="minutes" .rows=${words.zoneRows(insights.zones)}></jb-scale-bars>
      </section>
      <section>
        <h2>How long do they stay?</h2>
        <p class="small muted">Stays that have ended, by their length.</p>
        <jb-scale-bars unit="stays" .rows=${words.stayRows(insights.stays)}></jb-scale-bars>
      </section>
      <section>
        <h2>Who’s visiting?</h2>
        <p class="small muted">Makers of the devices noticed nearby: a sample.</p>
        <jb-scale-bars unit="devices" .rows=${words.makerRows(insights.composition)}>
        </jb-scale-bars>
      </section>
    </div>
    ${footnote()}
  `;
}

function chart(insights: Insights): TemplateResult {
  return html`<jb-chart-hours .hours=${words.hourBars(insights)}
    summary=${words.hoursSummary(insights)} against="${weekday(insights.day)} before">
  </jb-chart-hours>`;
}

function hero(insights: Insights, seen: known.Seen): TemplateResult {
  const comparison = known.weekComparison(insights);
  const busiest = insights.busiest_hour;
  return html`<section class="hero">
    <dl>
      <div>
        <dt>${known.heroTitle(insights, seen)}</dt>
        <dd class="big" data-testid="visitors">${figure(insights.visitors)}</dd>
        ${comparison ? html`<dd class="muted">${comparison}</dd>` : nothing}
      </div>
      <div>
        <dt>Busiest hour${insights.is_complete ? '' : ' so far'}</dt>
        <dd class="middle" data-testid="busiest">${busiest === null ? '–' : hourRange(busiest)}</dd>
      </div>
    </dl>
  </section>`;
}

function hoursTable(insights: Insights): TemplateResult {
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

function footnote(): TemplateResult {
  return html`<p class="foot small muted">Visitors are an estimate from phones nearby. No phone is
    ever identified.</p>`;
}

/** Whose part is missing in the numbers, and what to do about it. */
function missing(insights: Insights, seen: known.Seen): TemplateResult | typeof nothing {
  const told = known.missingWords(insights, seen);
  if (told.length === 0) return nothing;
  const [open, over] = [told.filter((t) => t.isOpen), told.filter((t) => !t.isOpen)];
  return html`<div class="missing" role="status" data-testid="missing">
    ${open.map(({ what }) => html`<p class="open">${icon('warning')}<span>${what}</span></p>`)}
    ${
      open.length > 0
        ? html`<p class="small">What it counts while it has no connection arrives later. If this
          stays so for an hour, check that it has power.</p>`
        : nothing
    }
    ${over.map(({ what }) => html`<p class="small muted">${what}</p>`)}
  </div>`;
}

export function emptyDay(insights: Insights, seen: known.Seen): TemplateResult {
  const day = known.dayWord(insights, seen);
  const { total, missing: parts } = insights.units;
  return html`<section class="hero"><dl><div>
    <dt>Visitors ${day}</dt>
    <dd class="big none">–</dd>
    <dd class="muted">Nothing has been counted
      ${day === 'today' ? 'yet today' : 'on this day'}.</dd>
  </div></dl></section>
  ${
    total === 0
      ? html`<p>No sensor is set up here yet. Numbers appear about five minutes after the first one
        starts.</p>`
      : missing(insights, seen)
  }
  ${
    total > 0 && parts.length === 0 && day === 'today'
      ? html`<p>Numbers appear about five minutes after a sensor reports.</p>`
      : nothing
  }`;
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
