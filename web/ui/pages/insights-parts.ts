/** Pieces of the Store page that need nothing but the numbers. No state, no own element. */
import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Insights } from '../../../shared/contracts/insights.ts';
import type { Me } from '../../../shared/contracts/portal.ts';
import { type AppError, ERROR_CODES } from '../../../shared/errors.ts';
import { errorWords } from '../../app/error-words.ts';
import { icon } from '../elements/icons.ts';
import '../elements/notice.ts';
import '../elements/scale-bars.ts';
import { dayName, figure, hourRange } from '../format.ts';
import * as known from './insights-known.ts';
import * as words from './insights-text.ts';

/** A place with its pickers: stays while what is below comes and goes, so that focus stays. */
export function heading(
  name: string,
  insights: Insights | null,
  seen: known.Seen,
  pickers: TemplateResult | typeof nothing,
): TemplateResult {
  const asOf = insights && known.asOf(insights, seen);
  return html`<div class="top">
    <div>
      <h1 tabindex="-1">${name}</h1>
      <p class="muted">${insights ? dayName(insights.day) : nothing}${
        asOf
          ? html` <span class="sep">·</span>
            <span class=${asOf.late ? 'as-of old' : 'as-of'}>${asOf.words}</span>`
          : nothing
      }</p>
      <p class="visually-hidden" role="status">${
        insights ? `${name}, ${dayName(insights.day)}` : ''
      }</p>
    </div>
    <div class="pickers">${pickers}</div>
  </div>`;
}

/**
 * @param chartReady whether the chart's element has been fetched
 * @param error why the numbers could not be refreshed
 */
export function day(
  insights: Insights,
  seen: known.Seen,
  chartReady: boolean,
  error: AppError | null,
): TemplateResult {
  return html`${notRefreshed(error)}
    ${words.isEmptyDay(insights) ? emptyDay(insights, seen) : numbers(insights, seen, chartReady)}`;
}

function numbers(insights: Insights, seen: known.Seen, chartReady: boolean): TemplateResult {
  return html`
    <div class="first">${hero(insights, seen)}${missing(insights, seen)}</div>
    <section aria-labelledby="when">
      <div class="title">
        <h2 id="when">${msg('When do people come?')}</h2>
        <p class="key" aria-hidden="true"><span class="front">${msg('This day')}</span>
          <span class="behind">${known.weekBefore(insights)}</span></p>
      </div>
      ${chartReady ? chart(insights) : html`<div class="chart-place"></div>`}
      <p class="small muted">${words.gapSentence(insights)}</p>
      ${hoursTable(insights)}
    </section>
    <div class="three">
      <section>
        <h2>${msg('Where are they?')}</h2>
        <p class="small muted">${msg('Shares of the time that phones were noticed.')}</p>
        <jb-scale-bars .rows=${words.zoneRows(insights.zones)}></jb-scale-bars>
      </section>
      <section>
        <h2>${msg('How long do they stay?')}</h2>
        <p class="small muted">${msg(
          'Shares of the stays that have ended. A loyal customer here is one who stayed long this time: nobody is recognised again.',
        )}</p>
        <jb-scale-bars .rows=${words.stayRows(insights.stays)}></jb-scale-bars>
      </section>
      <section>
        <h2>${msg('Who’s visiting?')}</h2>
        <p class="small muted">${msg('Shares of the devices noticed over Bluetooth: a sample.')}</p>
        <jb-scale-bars .rows=${words.makerRows(insights.composition)}></jb-scale-bars>
      </section>
    </div>
    ${footnote()}
  `;
}

function chart(insights: Insights): TemplateResult {
  return html`<jb-chart-hours .hours=${words.hourBars(insights)}
    summary=${words.hoursSummary(insights)} against=${known.weekBefore(insights)}>
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
        <dt>${known.reachesEnd(insights) ? msg('Busiest hour') : msg('Busiest hour so far')}</dt>
        <dd class="middle" data-testid="busiest">${busiest === null ? '–' : hourRange(busiest)}</dd>
      </div>
    </dl>
  </section>`;
}

function hoursTable(insights: Insights): TemplateResult {
  return html`<details class="table">
    <summary>${msg('Show as a table')}</summary>
    <div class="scroll"><table>
      <caption class="visually-hidden">${msg('Visits by hour')}</caption>
      <thead><tr><th scope="col">${msg('Hour')}</th>
        <th scope="col">${msg('This day')}</th>
        <th scope="col">${known.weekBefore(insights)}</th></tr></thead>
      <tbody>${words.hourBars(insights).map(
        (h) => html`<tr><th scope="row">${h.range}</th>
          <td>${h.words}</td>
          <td>${h.before === null ? msg('no data') : figure(h.before)}</td></tr>`,
      )}</tbody>
    </table></div>
  </details>`;
}

function footnote(): TemplateResult {
  return html`<p class="foot small muted">${msg(
    'Visitors are an estimate from phones nearby. No phone is ever identified.',
  )}</p>`;
}

/** Whose part is missing in the numbers, and what to do about it. */
function missing(insights: Insights, seen: known.Seen): TemplateResult | typeof nothing {
  const shown = known.missingText(insights, seen);
  if (shown.length === 0) return nothing;
  const [open, over] = [shown.filter((t) => t.isOpen), shown.filter((t) => !t.isOpen)];
  return html`<div class="missing" role="status" data-testid="missing">
    ${open.map(({ what }) => html`<p class="open">${icon('warning')}<span>${what}</span></p>`)}
    ${
      open.length > 0
        ? html`<p class="small">${msg(
            'What a sensor counts while it has no connection arrives later. If one is silent for an hour, check that it has power.',
          )}</p>`
        : nothing
    }
    ${over.map(({ what }) => html`<p class="small muted">${what}</p>`)}
  </div>`;
}

function emptyDay(insights: Insights, seen: known.Seen): TemplateResult {
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
  ${
    total === 0
      ? html`<p>${msg(
          'No sensor is set up here yet. Numbers appear about five minutes after the first one starts.',
        )}</p>`
      : missing(insights, seen)
  }
  ${
    total > 0 && parts.length === 0 && isToday
      ? html`<p>${msg('Numbers appear about five minutes after a sensor reports.')}</p>`
      : nothing
  }`;
}

/**
 * No numbers at all, and why. @param online whether the browser thinks there is a network
 * @param retry asks again, and whether that is under way
 */
export function failed(
  error: AppError,
  online: boolean,
  retry: { again: () => void; isRunning: boolean },
): TemplateResult {
  const away = error.code === 'unavailable';
  const { headline, advice } = saysWhy(error) ? NO_TEXT : generalText(error, online);
  return html`<jb-notice .error=${error} tone=${away ? 'warn' : 'bad'} headline=${headline}
    advice=${advice}>
    <button aria-disabled=${retry.isRunning} @click=${() => retry.isRunning || retry.again()}
      >${retry.isRunning ? msg('Trying…') : msg('Try again')}</button>
  </jb-notice>`;
}

const NO_TEXT = { headline: '', advice: '' };

/** For errors that know no more than their code. */
function generalText({ code }: AppError, online: boolean) {
  if (code === 'internal') {
    const advice = msg('Try again. If it stays like this, tell whoever set up your sensors.');
    return { headline: '', advice };
  }
  if (code !== 'unavailable') return NO_TEXT;
  const advice = online
    ? msg('The server does not answer. Your sensors keep counting; nothing is lost.')
    : msg('You are offline, and this day is not kept on this device yet.');
  return { headline: msg('Your numbers cannot be fetched right now'), advice };
}

/** Whether an error knows more than its code: a network that wants a sign-in, for example. */
const saysWhy = (error: AppError) => error.hint !== ERROR_CODES[error.code];

/** Why the numbers shown could not be refreshed; being offline is said at the top of the page. */
function notRefreshed(error: AppError | null): TemplateResult | typeof nothing {
  if (!error || !saysWhy(error)) return nothing;
  const { what, next } = errorWords(error);
  return html`<p class="small" role="status">${what} ${next}</p>`;
}

/** For whoever may not see visitors. @param role as far as it is known */
export function forOwners(error: AppError, role: Me['role'] | null): TemplateResult {
  const prepares = role === 'installer';
  return html`<div class="page narrow">
    <h1 tabindex="-1">${msg('My store')}</h1>
    <jb-notice tone="warn" .error=${error}
      headline=${prepares ? msg('This page is for shop owners') : ''}
      advice=${
        prepares
          ? msg('Your account prepares units. To see visitors, sign in as the owner of a shop.')
          : ''
      }>
      ${prepares ? html`<a class="button" href="/bench">${msg('Open the bench')}</a>` : nothing}
      <a class="button" href="/sign-in">${msg('Account')}</a>
    </jb-notice>
  </div>`;
}

export function noLocations(): TemplateResult {
  return html`<div class="page narrow"><h1 tabindex="-1">${msg('My store')}</h1>
    <p>${msg(
      'No store belongs to your account yet. Once your installer has added it, you will see here how many people visit, when they come and how long they stay.',
    )}</p></div>`;
}

/** In place of the numbers, but only after 300 ms: most answers are there before. */
export function skeleton(): TemplateResult {
  return html`<div class="bones" role="status" aria-label=${msg('Loading your numbers')}>
    <div class="bone number"></div><div class="bone chart"></div>
  </div>`;
}
