/**
 * `<jb-typical-week>`: a shop's usual week hour by hour, and this one beside it, as a table whose
 * cells are the darker the more come. Hours in which it is closed are grey, unknown ones are gaps.
 * Knows neither cache nor backend.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { TypicalWeek as Week, WeekCell } from '../../../shared/contracts/insights.ts';
import type { OpeningTime } from '../../../shared/contracts/opening-hours.ts';
import { roughly } from '../../../shared/metrics/estimate.ts';
import { isOpen } from '../../../shared/metrics/opening-hours.ts';
import { addDays } from '../../../shared/metrics/time-zone.ts';
import { comparison, figure, hourLabel, hourRange, weekday } from '../format.ts';
import { weekdayShort } from '../format-shop.ts';
import { base, buttons } from './styles.ts';

const HOURS = 24;
/** Of the darkest cell: its figure stays readable on it. */
const DARKEST_PERCENT = 45;

export class TypicalWeek extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
      }
      .switch {
        display: inline-flex;
        width: fit-content;
        padding: 2px;
        border-radius: 10px;
        background: var(--sunken);
      }
      .switch button {
        min-height: 40px;
        padding: 4px 16px;
        border: 0;
        background: none;
        color: var(--muted);
      }
      .switch button[aria-pressed='true'] {
        background: var(--raised);
        color: var(--ink);
        box-shadow: 0 0 0 1px var(--line);
      }
      .scroll {
        position: relative; /* so that visually hidden words scroll along */
        overflow-x: auto;
      }
      table {
        border-collapse: separate;
        border-spacing: 2px;
        width: 100%;
        font-size: var(--size-12);
        font-variant-numeric: tabular-nums;
      }
      th {
        font-weight: 400;
        color: var(--muted);
        padding: 2px 6px 2px 0;
        text-align: right;
        white-space: nowrap;
      }
      thead th {
        text-align: center;
        padding: 2px;
      }
      td {
        text-align: center;
        padding: 5px 2px;
        border-radius: 3px;
        min-width: 26px;
      }
      td.closed {
        background: repeating-linear-gradient(
          135deg,
          var(--sunken) 0 3px,
          transparent 3px 6px
        );
        color: var(--muted);
      }
      td.gap {
        color: var(--muted);
      }
      @media print {
        .switch {
          display: none;
        }
      }
    `,
  ];
  static override properties = {
    week: { attribute: false },
    openingHours: { attribute: false },
    isThis: { state: true },
  };
  declare week: Week | null;
  declare openingHours: readonly OpeningTime[];
  /** Whether this week is shown, and not the usual one. */
  declare protected isThis: boolean;

  constructor() {
    super();
    this.week = null;
    this.openingHours = [];
    this.isThis = false;
  }

  protected override render(): TemplateResult {
    const { week } = this;
    if (!week) return html``;
    if (week.weeks === 0 && week.so_far === null && !week.cells.some((c) => c.visits !== null)) {
      return html`<p>${msg('There are no numbers yet. The first usual week is there after a week.')}</p>`;
    }
    const option = (isThis: boolean, label: string) => html`<button
      aria-pressed=${this.isThis === isThis} @click=${() => {
        this.isThis = isThis;
      }}>${label}</button>`;
    return html`<p class="small muted">${this.#about(week)}</p>
      <div class="switch" role="group" aria-label=${msg('Which week')}>
        ${option(false, msg('Usual week'))}${option(true, msg('This week'))}
      </div>
      ${this.#table(week)}`;
  }

  /** How this week goes, and what the usual one is made of. */
  #about({ so_far, weeks, monday }: Week): string {
    const from = weekday(monday);
    const made =
      weeks === 0
        ? msg('The usual week is there once a whole week has been counted.')
        : msg(str`Usual is the mean of the ${figure(weeks)} weeks before.`);
    if (!so_far) return made;
    const visitors = figure(roughly(so_far.visitors));
    const compared = comparison(so_far.visitors, so_far.usual, msg('usual'));
    return `${msg(str`Since ${from} about ${visitors} visitors: ${compared}, at the same hours.`)} ${made}`;
  }

  #table({ cells, monday }: Week): TemplateResult {
    const days = [1, 2, 3, 4, 5, 6, 7];
    const value = (cell: WeekCell) => (this.isThis ? cell.visits : cell.usual);
    const most = Math.max(1, ...cells.map((c) => Math.max(c.visits ?? 0, c.usual ?? 0)));
    const hours = this.#hours(cells);
    const name = this.isThis ? msg('Visits in this week by hour') : msg('Usual visits by hour');
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${name}><table>
      <caption class="visually-hidden">${name}</caption>
      <thead><tr><td></td>${days.map(
        (day) => html`<th scope="col">${weekdayShort(addDays(monday, day - 1))}</th>`,
      )}</tr></thead>
      <tbody>${hours.map(
        (hour) => html`<tr><th scope="row" aria-label=${hourRange(hour)}>${hourLabel(hour)}</th>
          ${days.map((day) => {
            const cell = cells[(day - 1) * HOURS + hour];
            return cell ? this.#cell(value(cell), day, hour, most) : nothing;
          })}</tr>`,
      )}</tbody>
    </table></div>`;
  }

  #cell(visits: number | null, day: number, hour: number, most: number): TemplateResult {
    const isClosed = isOpen(this.openingHours, day, hour) === false;
    if (visits === null || (isClosed && visits < 1)) {
      const words = isClosed ? msg('closed') : msg('no data');
      return html`<td class=${isClosed ? 'closed' : 'gap'}><span aria-hidden="true">${
        isClosed ? '' : '·'
      }</span><span class="visually-hidden">${words}</span></td>`;
    }
    const share = Math.round((DARKEST_PERCENT * visits) / most);
    const look = isClosed
      ? ''
      : `background: color-mix(in oklab, var(--chart) ${share}%, var(--surface))`;
    return html`<td class=${isClosed ? 'closed' : ''} .style=${look}>${figure(visits)}</td>`;
  }

  /** From the first to the last in which somebody comes, or the shop is open. */
  #hours(cells: readonly WeekCell[]): number[] {
    const busy = cells
      .filter(({ usual, visits, weekday: day, hour }) => {
        const isUsed = (usual ?? 0) >= 0.5 || (visits ?? 0) > 0;
        return isUsed || isOpen(this.openingHours, day, hour) === true;
      })
      .map(({ hour }) => hour);
    if (busy.length === 0) return Array.from({ length: HOURS }, (_, hour) => hour);
    const [first, last] = [Math.min(...busy), Math.max(...busy)];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  }
}

customElements.define('jb-typical-week', TypicalWeek);

declare global {
  interface HTMLElementTagNameMap {
    'jb-typical-week': TypicalWeek;
  }
}
