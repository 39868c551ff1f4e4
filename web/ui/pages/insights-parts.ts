/** Pieces of the Store page that need nothing but the numbers. No state, no own element. */
import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Insights } from '../../../shared/contracts/insights.ts';
import type { OpeningTime } from '../../../shared/contracts/opening-hours.ts';
import type { AppError } from '../../../shared/errors.ts';
import { hourRange } from '../format.ts';
import { about } from './insights-about.ts';
import { heroMore } from './insights-hero.ts';
import * as known from './insights-known.ts';
import { notRefreshed } from './insights-states.ts';

/** A place with its pickers: stays while what is below comes and goes, so that focus stays. */
export function heading(
  name: string,
  period: string,
  asOf: { words: string; late: boolean } | null,
  pickers: TemplateResult | typeof nothing,
): TemplateResult {
  return html`<div class="top">
    <div>
      <h1 tabindex="-1">${name}</h1>
      <p class="muted">${period}${
        asOf
          ? html` <span class="sep">·</span>
            <span class=${asOf.late ? 'as-of old' : 'as-of'}>${asOf.words}</span>`
          : nothing
      }</p>
      <p class="visually-hidden" role="status">${period ? `${name}, ${period}` : ''}</p>
    </div>
    <div class="pickers">${pickers}</div>
  </div>`;
}

/** True when nothing at all has arrived on this day. */
function isEmptyDay({ known_until, visitors }: Insights): boolean {
  return known_until === null && visitors === null;
}

/** What the page has beside the numbers. */
export interface DayOptions {
  /** What is fetched after the first number; null until then. */
  later: Later | null;
  /** When the shop is open, as far as that was said. */
  openingHours: readonly OpeningTime[];
  /** What its owner noted of the day; null: nothing. */
  note: string | null;
}

/** @param error why the numbers could not be refreshed */
export function day(
  insights: Insights,
  seen: known.Seen,
  error: AppError | null,
  show: DayOptions,
): TemplateResult {
  return html`${notRefreshed(error)}
    ${isEmptyDay(insights) ? emptyDay(insights, seen, show) : numbers(insights, seen, show)}`;
}

/** What insights-later.ts has. */
export type Later = typeof import('./insights-later.ts');

function numbers(insights: Insights, seen: known.Seen, show: DayOptions): TemplateResult {
  const { later } = show;
  return html`<div class="first">${hero(insights, seen)}
      ${later?.qualityBadge(insights.units.quality, insights, insights.units.total === 1)}
      ${later?.missing(insights, seen)}${later?.howExact()}</div>
    ${later?.dayDetails(insights, show) ?? html`<div class="chart-place"></div>`}`;
}

function hero(insights: Insights, seen: known.Seen): TemplateResult {
  const comparison = known.weekComparison(insights);
  const { busiest_hour: busiest, visitors } = insights;
  return html`<section class="hero">
    <dl>
      <div>
        <dt>${known.heroTitle(insights, seen)}</dt>
        <dd class="big" data-testid="visitors">${about(visitors)}</dd>
        ${comparison ? html`<dd class="muted">${comparison}</dd>` : nothing}
      </div>
      <div>
        <dt>${known.reachesEnd(insights) ? msg('Busiest hour') : msg('Busiest hour so far')}</dt>
        <dd class="middle" data-testid="busiest">${busiest === null ? '–' : hourRange(busiest)}</dd>
      </div>
      ${heroMore(insights, seen)}
    </dl>
  </section>`;
}

function emptyDay(insights: Insights, seen: known.Seen, { later }: DayOptions): TemplateResult {
  const isToday = known.isToday(insights, seen);
  const { total, missing: parts } = insights.units;
  return html`<section class="hero"><dl><div>
    <dt>${known.visitorsOn(insights, seen)}</dt>
    <dd class="big none">–</dd>
    <dd class="muted">${
      isToday
        ? msg('Nothing has been counted yet today.')
        : msg('Nothing has been counted on this day.')
    }</dd>
  </div></dl></section>
  ${total === 0 ? html`<p>${later?.noSensor(isToday)}</p>` : later?.missing(insights, seen)}
  ${
    total > 0 && parts.length === 0 && isToday
      ? html`<p>${msg('Numbers appear about five minutes after a sensor reports.')}</p>`
      : nothing
  }`;
}
