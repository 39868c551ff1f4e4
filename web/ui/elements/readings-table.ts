/**
 * `<jb-readings-table>`: readings as the unit sent them and the backend answered, and when the
 * backend last saw the unit. Knows no unit and no backend.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { UnitStatus } from '../../../shared/contracts/portal.ts';
import type { Receiver } from '../../../shared/contracts/receiver.ts';
import type { ReadingEvent } from '../../app/unit-state.ts';
import { ago, figure } from '../format.ts';
import { clockTime } from './clock-time.ts';
import { base } from './styles.ts';

export class ReadingsTable extends LitElement {
  static override styles = [
    base,
    css`
      .seen {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(128px, 1fr));
        gap: 8px 16px;
        margin: 8px 0 16px;
        font-size: var(--size-14);
      }
      .seen dt {
        color: var(--muted);
        font-size: var(--size-12);
      }
      .seen dd {
        font-variant-numeric: tabular-nums;
      }
      .scroll {
        position: relative; /* so that visually hidden words scroll along */
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: var(--size-14);
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 4px 12px 4px 0;
        border-bottom: 1px solid var(--line);
        text-align: right;
        white-space: nowrap;
      }
      th {
        font-size: var(--size-12);
        font-weight: 500;
        color: var(--muted);
      }
      th:first-child,
      td:first-child {
        text-align: left;
      }
      .ok {
        color: var(--ok);
      }
      .bad {
        color: var(--bad);
      }
    `,
  ];
  static override properties = {
    readings: { attribute: false },
    status: { attribute: false },
  };
  /** Newest last. */
  declare readings: readonly ReadingEvent[];
  /** What the backend knows of the unit; null while it has not said. */
  declare status: UnitStatus | null;

  constructor() {
    super();
    this.readings = [];
    this.status = null;
  }

  protected override render(): TemplateResult {
    return html`<h2>${msg('Readings')}</h2>
      ${this.status ? seen(this.status) : nothing}
      ${
        this.readings.length === 0
          ? html`<p class="small muted">${msg(
              'None yet. A unit sends one every five minutes, and at once when its button is pressed.',
            )}</p>`
          : this.#table()
      }`;
  }

  #table(): TemplateResult {
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${msg('Readings')}><table>
      <thead><tr><th scope="col">${msg('Sent')}</th><th scope="col">${msg('No.')}</th>
        <th scope="col">${msg('Impressions')}</th>
        <th scope="col">${msg('Minutes stayed')}</th><th scope="col">${msg('Kept')}</th>
        <th scope="col">${msg('Server')}</th></tr></thead>
      <tbody>${[...this.readings].reverse().map(rowOf)}</tbody>
    </table></div>`;
  }
}

function rowOf(r: ReadingEvent): TemplateResult {
  return html`<tr><td>${clockTime(r.at)}</td><td>${r.seq}</td><td>${figure(r.impressions)}</td>
    <td>${figure(r.device_minutes)}</td><td>${r.queue}</td>
    <td class=${r.ok ? 'ok' : 'bad'}>${answer(r)}</td></tr>`;
}

function answer({ ok, status }: ReadingEvent): string {
  if (status === 0) return msg('no answer, kept');
  return ok ? msg('stored') : msg(str`refused (${status})`);
}

function seen(status: UnitStatus): TemplateResult {
  const item = (label: string, iso: string | null) =>
    html`<div><dt>${label}</dt><dd>${iso ? moment(Date.parse(iso)) : msg('not yet')}</dd></div>`;
  return html`<dl class="seen" aria-label=${msg('As the server saw it')}>
    ${item(msg('Registered'), status.registered_at)}${item(msg('First sign of life'), status.first_heartbeat_at)}
    ${item(msg('First reading'), status.first_reading_at)}${item(msg('Last seen'), status.last_seen_at)}
    ${broken(status.broken_receivers ?? [])}
  </dl>`;
}

/** A unit may have been registered long ago: then the day is what matters. */
function moment(at: number, now = Date.now()): string {
  return now - at < DAY_MS ? clockTime(at) : ago(at, now);
}

const DAY_MS = 86_400_000;

/** Nothing where both listen: a unit of 5.x does not say. */
function broken(receivers: readonly Receiver[]): TemplateResult | typeof nothing {
  if (receivers.length === 0) return nothing;
  const radio = receivers[0] === 'wifi' ? 'Wi-Fi' : 'Bluetooth';
  const words =
    receivers.length > 1
      ? msg('Wi-Fi and Bluetooth do not listen')
      : msg(str`${radio} does not listen`);
  return html`<div><dt>${msg('Receivers')}</dt><dd class="bad">${words}</dd></div>`;
}

customElements.define('jb-readings-table', ReadingsTable);

declare global {
  interface HTMLElementTagNameMap {
    'jb-readings-table': ReadingsTable;
  }
}
