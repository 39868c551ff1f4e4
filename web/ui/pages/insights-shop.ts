/**
 * What an owner adds to the Store page's numbers, and takes away from it: the usual week, till
 * numbers and notes, opening hours, the Monday mail, files. No state, no element.
 */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Insights, WeekInsights } from '../../../shared/contracts/insights.ts';
import type { ShopDay } from '../../../shared/contracts/shop-day.ts';
import { civilDate } from '../../../shared/metrics/time-zone.ts';
import type { InsightsViewState } from '../../app/insights.ts';
import type { ShopRecord, ShopRecordState } from '../../app/shop-record.ts';
import '../elements/shop-parts.ts';
import { dateTime, figure, percent, shortDay } from '../format.ts';
import { money } from '../format-shop.ts';
import { downloadInsights, downloadShopDays } from './insights-files.ts';
import type { OwnParts } from './insights-place.ts';

/**
 * What the owner said of the place shown, where it stands, and panels below the numbers.
 * @param record null until it was fetched
 * @param nowMs by the server's clock, as far as it is known
 * @param mayChange staff only looks, and is offered nothing that it may not change
 */
export function ownParts(
  state: InsightsViewState,
  record: ShopRecord | null,
  nowMs: number,
  mayChange: boolean,
): OwnParts {
  const known = record?.state.value;
  const isHere = known?.locationId === state.location?.id;
  const shopDays = (isHere && known?.days) || [];
  const openingHours = (isHere && known?.openingHours) || [];
  const note = shopDays.find(({ day }) => day === state.insights?.day)?.note ?? null;
  const panels = record ? shopPanels(state, record, nowMs, mayChange) : nothing;
  return { day: { openingHours, note }, week: { shopDays }, panels };
}

function shopPanels(
  { location, insights, week }: InsightsViewState,
  shop: ShopRecord,
  nowMs: number,
  mayChange: boolean,
): TemplateResult | typeof nothing {
  const shown = insights ?? week;

  const record = shop.state.value;
  if (!location || !shown || record.locationId !== location.id) return nothing;
  const { typical, days, openingHours, weekMail, smallCounts } = record;
  const hours = openingHours ?? [];
  return html`${remembered(record, location.time_zone)}${
    typical
      ? html`<section class="usual"><h2>${msg('What is a usual week?')}</h2>
        <jb-typical-week .week=${typical} .openingHours=${hours}></jb-typical-week></section>`
      : nothing
  }
    ${files(shown, days ?? [])}
    ${days ? till(shown, days, shop, civilDate(nowMs, location.time_zone)) : nothing}
    ${
      openingHours
        ? html`<details class="panel"><summary>${msg('Opening hours')}</summary>
          <p class="small muted">${msg('Hours in which you are closed are grey in the charts.')}</p>
          <jb-opening-hours .shop=${shop} .locationId=${location.id} .times=${hours}
            ?looks=${!mayChange}></jb-opening-hours></details>`
        : nothing
    }
    ${
      weekMail
        ? html`<section class="own"><h2>${msg('Your week by mail')}</h2>
          <jb-week-mail .shop=${shop} .locationId=${location.id} .mail=${weekMail}></jb-week-mail>
        </section>`
        : nothing
    }
    ${
      smallCounts
        ? html`<details class="panel"><summary>${msg('Small numbers in reports')}</summary>
          <p class="small muted">${msg(
            'Reports outside of this page read your numbers from Supabase, in pieces of five minutes; in a quiet hour such a number can be about one person. Left out there, it is still shown here.',
          )}</p>
          <jb-small-counts .shop=${shop} .locationId=${location.id} ?looks=${!mayChange}
            .smallest=${smallCounts.smallest_shown}></jb-small-counts></details>`
        : nothing
    }`;
}

/** What is below is what this device keeps. */
function remembered({ asOf }: ShopRecordState, timeZone: string): TemplateResult | typeof nothing {
  if (asOf === null) return nothing;
  const time = dateTime(asOf, timeZone);
  return html`<p class="small as-of" data-testid="own-as-of">${msg(
    str`What you have written, and the usual week, as of ${time}.`,
  )}</p>`;
}

function files(shown: Insights | WeekInsights, days: readonly ShopDay[]): TemplateResult {
  return html`<div class="files">
    <button class="small" @click=${() => downloadInsights(shown, days)}>${msg(
      'Download as CSV',
    )}</button>
    <button class="small" @click=${() => window.print()}>${msg('Print')}</button>
  </div>`;
}

function till(
  shown: Insights | WeekInsights,
  days: readonly ShopDay[],
  shop: ShopRecord,
  today: string,
): TemplateResult {
  const { id } = shown.location;
  return html`<section class="own">
    <h2>${msg('What did your till count?')}</h2>
    <p class="small muted">${msg(
      'With your number of sales you see which share of visitors bought something. What you write here stays yours: nobody else reads it, and it goes nowhere else.',
    )}</p>
    ${'days' in shown ? weekTill(shown, days) : dayTill(shown, days, shop)}
    <details class="panel"><summary>${msg('Till files, and all you have written')}</summary>
      <jb-till-import .shop=${shop} .locationId=${id} .today=${today}></jb-till-import>
      ${
        days.length > 0
          ? html`<div class="files">
            <button class="small" @click=${() => downloadShopDays(shown.location, days)}>${msg(
              'Download all of it',
            )}</button>
            <jb-confirm label=${msg('Delete all of it')} confirm-label=${msg('Delete')}
              @confirm=${() => void shop.clearDays(id).catch(() => shop.open(id))}>${msg(
                'Your till numbers and notes of all days will be gone. Download them first if you may want them again.',
              )}</jb-confirm>
          </div>`
          : nothing
      }
    </details>
  </section>`;
}

function dayTill(insights: Insights, days: readonly ShopDay[], shop: ShopRecord): TemplateResult {
  const said = days.find(({ day }) => day === insights.day);
  return html`${bought(insights.visitors, said)}
    <jb-shop-day-form .shop=${shop} .locationId=${insights.location.id} day=${insights.day}
      .said=${said}></jb-shop-day-form>`;
}

/** The share that bought, and what a sale brought. */
function bought(
  visitors: number | null,
  said: ShopDay | undefined,
): TemplateResult | typeof nothing {
  if (said?.sales == null) return nothing;
  const share = visitors ? shareThatBought(said.sales, visitors) : '';
  const each = said.takings !== null && said.sales > 0 ? money(said.takings / said.sales) : '';
  return html`<p data-testid="conversion"><b>${share}</b>
    ${each && msg(str`A sale brought ${each} on average.`)}</p>`;
}

/** Visitors are an estimate, and a sale is no person: there may be more sales than visitors. */
function shareThatBought(sales: number, visitors: number): string {
  if (sales > visitors)
    return msg(
      'There were more sales than visitors. Visitors are an estimate, and some people buy more than once.',
    );
  const share = percent(sales, visitors);
  return msg(str`About ${share} of visitors bought something.`);
}

/** As a cell of a table. */
const sharePerDay = (sales: number, visits: number): string =>
  sales > visits ? `> ${percent(1, 1)}` : percent(sales, visits);

function weekTill(week: WeekInsights, shopDays: readonly ShopDay[]): TemplateResult {
  const rows = week.days.map((day) => {
    return { ...day, said: shopDays.find((one) => one.day === day.day) };
  });
  const both = rows.filter(({ visits, said }) => visits !== null && said?.sales != null);
  const sum = (of: (row: (typeof rows)[number]) => number) =>
    both.reduce((n, row) => n + of(row), 0);
  const [visits, sales] = [sum((r) => r.visits ?? 0), sum((r) => r.said?.sales ?? 0)];
  const all = { day: week.to, sales, takings: null, note: null };
  return html`${both.length > 0 ? bought(visits, all) : nothing}
    <div class="scroll" tabindex="0" role="region" aria-label=${msg('Sales by day')}><table>
      <caption class="visually-hidden">${msg('Sales by day')}</caption>
      <thead><tr><th scope="col">${msg('Day')}</th><th scope="col">${msg('Visits')}</th>
        <th scope="col">${msg('Sales')}</th><th scope="col">${msg('Bought')}</th></tr></thead>
      <tbody>${rows.map(
        ({ day, visits: n, said }) => html`<tr><th scope="row">${shortDay(day)}</th>
          <td>${n === null ? msg('no data') : figure(n)}</td>
          <td>${figure(said?.sales ?? null)}</td>
          <td>${said?.sales != null && n ? sharePerDay(said.sales, n) : '–'}</td></tr>`,
      )}</tbody>
    </table></div>`;
}
