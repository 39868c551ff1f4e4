/**
 * `<jb-sensor-history>`: what a sensor last sent, with the badges of its data, and its signs of
 * life: signal, battery, uptime, memory, why it had started, and firmware. Knows no backend.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { UnitDetail } from '../../../shared/contracts/fleet.ts';
import { ago, figure, percent, span, timeOfDay } from '../format.ts';
import { kilobytes, reasonWords } from '../health-words.ts';
import { scrollTable } from './scroll-table.ts';
import { base } from './styles.ts';

type Reading = UnitDetail['readings'][number];
type Heartbeat = UnitDetail['heartbeats'][number];

const unknown = '–';
const dbm = (n: number | null) => (n === null ? unknown : `${n < 0 ? '−' : ''}${Math.abs(n)} dBm`);
/** Younger than this a reading came live (product words). */
const LIVE_S = 60;

export class SensorHistory extends LitElement {
  static override styles = [
    base,
    scrollTable,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 24px;
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }
      .badge {
        display: inline-block;
        margin-inline-end: 4px;
        padding: 0 6px;
        border-radius: 4px;
        background: var(--sunken);
        font-size: var(--size-12);
      }
      summary {
        cursor: pointer;
        padding: 4px 0;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 4px 12px;
      }
      .scroll td.why {
        min-width: 12rem;
        white-space: normal;
      }
      .badge.warn {
        background: var(--warn-soft);
        color: var(--warn);
      }
    `,
  ];
  static override properties = {
    detail: { attribute: false },
    now: { type: Number },
    timeZone: { attribute: false },
  };
  declare detail: UnitDetail;
  /** Unix milliseconds by the backend's clock. */
  declare now: number;
  /** IANA name. */
  declare timeZone: string;

  constructor() {
    super();
    this.now = 0;
    this.timeZone = 'UTC';
  }

  protected override render(): TemplateResult {
    return html`${this.#lastDay()}${this.#readings()}${this.#heartbeats()}`;
  }

  #lastDay(): TemplateResult {
    const { expected, received, ok, catching_up, degraded } = this.detail.last_day;
    const [came, all] = [figure(received), figure(expected)];
    const parts = [
      msg(str`${figure(ok)} in time`),
      msg(str`${figure(catching_up)} late`),
      msg(str`${figure(degraded)} incomplete`),
    ];
    return html`<p>${msg(
      str`Of the last 24 hours there are ${came} readings of ${all} (${percent(received, expected)}):`,
    )} ${parts.join(', ')}.</p>`;
  }

  #readings(): TemplateResult {
    const { readings } = this.detail;
    const hasFigures = readings.some(({ figures }) => figures !== undefined);
    return html`<section aria-labelledby="readings-title">
      <h3 id="readings-title">${msg('Readings')}</h3>
      ${
        readings.length === 0
          ? html`<p class="muted">${msg('There was none within the last day.')}</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label=${msg('Readings')}><table>
        <thead><tr><th scope="col">${msg('Period')}</th><th scope="col">${msg('Data')}</th>
          ${hasFigures ? html`<th scope="col">${msg('Visits')}</th>` : nothing}
          <th scope="col">${msg('Signal')}</th></tr></thead>
        <tbody>${readings.map((reading) => this.#reading(reading, hasFigures))}</tbody>
        </table></div>
        ${badgeWords()}`
      }</section>`;
  }

  #reading(reading: Reading, hasFigures: boolean): TemplateResult {
    const { period_start, figures, cell_rssi_dbm } = reading;
    return html`<tr><th scope="row">${timeOfDay(period_start, this.timeZone)}</th>
      <td>${badges(reading)}</td>
      ${hasFigures ? html`<td>${figure(figures?.visits ?? null)}</td>` : nothing}
      <td>${dbm(cell_rssi_dbm)}</td></tr>`;
  }

  #heartbeats(): TemplateResult {
    const { heartbeats } = this.detail;
    // Firmware 5 says neither.
    const hasHealth = heartbeats.some((one) => one.free_kib !== undefined || one.start_reason);
    const row = (beat: Heartbeat) => html`<tr>
      <th scope="row">${ago(Date.parse(beat.received_at), this.now)}</th>
      <td>${dbm(beat.cell_rssi_dbm)}</td>
      <td>${beat.battery_pct === null ? unknown : percent(beat.battery_pct, 100)}</td>
      <td>${beat.uptime_s === null ? unknown : span(beat.uptime_s * 1000)}</td>
      ${hasHealth ? health(beat) : nothing}
      <td><bdi>${beat.firmware ?? unknown}</bdi></td></tr>`;
    return html`<section aria-labelledby="beats-title">
      <h3 id="beats-title">${msg('Signs of life')}</h3>
      ${
        heartbeats.length === 0
          ? html`<p class="muted">${msg('There was none yet.')}</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label=${msg('Signs of life')}>
        <table><thead><tr><th scope="col">${msg('Heard')}</th><th scope="col">${msg('Signal')}</th>
          <th scope="col">${msg('Battery')}</th><th scope="col">${msg('Running for')}</th>
          ${
            hasHealth
              ? html`<th scope="col">${msg('Free memory')}</th>
            <th scope="col">${msg('Why it started')}</th>`
              : nothing
          }
          <th scope="col">${msg('Firmware')}</th></tr></thead>
          <tbody>${heartbeats.map(row)}</tbody></table></div>`
      }</section>`;
  }
}

/** How much memory is free, and why it had started. */
function health({ free_kib, start_reason }: Heartbeat): TemplateResult {
  return html`<td>${free_kib === undefined ? unknown : kilobytes(free_kib)}</td>
    <td class="why">${start_reason ? reasonWords(start_reason) : unknown}</td>`;
}

/** LIVE or CACHED by its age, then what is not as it should be. */
function badges({ age_s, of, cd, sf, counted, quality }: Reading): TemplateResult {
  const badge = (words: string, isWarning = true) =>
    html`<span class="badge ${isWarning ? 'warn' : ''}">${words}</span>`;
  return html`${badge(age_s !== null && age_s >= LIVE_S ? 'CACHED' : 'LIVE', false)}
    ${of ? badge(`OF ${figure(of)}`) : nothing}
    ${sf ? badge(`RETRY ${figure(sf)}`, quality === 'DEGRADED') : nothing}
    ${cd ? badge(`QUEUE ${figure(cd)}`) : nothing}
    ${counted ? nothing : badge(msg('not counted'))}`;
}

/** What the badges say, for who meets them first. */
function badgeWords(): TemplateResult {
  const word = (badge: string, meaning: string) =>
    html`<dt><span class="badge">${badge}</span></dt><dd>${meaning}</dd>`;
  return html`<details class="small">
    <summary>${msg('What the badges mean')}</summary>
    <dl>
      ${word('LIVE', msg('arrived within a minute of its time'))}
      ${word('CACHED', msg('arrived later: the sensor had kept it until it could send'))}
      ${word('QUEUE', msg('so many readings were still waiting on the sensor'))}
      ${word('RETRY', msg('so many tries to send had failed in a row'))}
      ${word('OF', msg('so many phones were left out because its table was full'))}
      ${word(msg('not counted'), msg('is in no sum: an operator has looked at it, or has to'))}
    </dl>
  </details>`;
}

customElements.define('jb-sensor-history', SensorHistory);

declare global {
  interface HTMLElementTagNameMap {
    'jb-sensor-history': SensorHistory;
  }
}
