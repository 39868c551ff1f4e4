/**
 * `<jb-series-panel>`: a box of units, one after the other: what to do now, and what became of
 * each. Fires `choose` and `end`. Knows no flow.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { isolated } from '../../app/isolated.ts';
import type { SeriesState, SeriesUnit } from '../../app/series.ts';
import { duration } from '../format-technical.ts';
import './notice.ts';
import { base, buttons } from './styles.ts';

export class SeriesPanel extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        gap: 12px;
        padding: 16px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      .now {
        font-size: var(--size-20);
        font-weight: 600;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      ol {
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 4px 16px;
        padding: 8px 0;
        border-bottom: 1px solid var(--line);
      }
      .failed {
        color: var(--bad);
      }
    `,
  ];
  static override properties = {
    state: { attribute: false },
    canChoose: { type: Boolean },
    canTry: { type: Boolean },
    place: {},
  };
  declare state: SeriesState;
  /** The browser can show its list of ports. */
  declare canChoose: boolean;
  /** A virtual unit can be had: fires `try`. */
  declare canTry: boolean;
  /** The name of where the units go; empty: none was said. */
  declare place: string;

  constructor() {
    super();
    this.canTry = false;
    this.place = '';
  }

  protected override render(): TemplateResult {
    const { phase, units, error } = this.state;
    return html`<h2>${msg('One after the other')}</h2>
      <p class="now" role="status" data-testid="series-now">${nowText(this.state)}</p>
      ${this.place ? html`<p>${msg(str`For ${isolated(this.place)}.`)}</p>` : nothing}
      ${error ? html`<jb-notice .error=${error} tone="warn"></jb-notice>` : nothing}
      ${phase === 'off' ? nothing : this.#buttons(phase)}
      ${
        units.length === 0
          ? nothing
          : html`${labelsLink(units)}<ol aria-label=${msg('Units of this series')}>${units.map(unitRow)}</ol>`
      }`;
  }

  #buttons(phase: SeriesState['phase']): TemplateResult {
    return html`<div class="buttons">
        ${
          phase === 'unit' && this.canChoose
            ? html`<button @click=${() => this.dispatchEvent(new CustomEvent('choose'))}
              >${msg('Choose the unit')}</button>`
            : nothing
        }
        ${
          phase === 'unit' && this.canTry
            ? html`<button @click=${() => this.dispatchEvent(new CustomEvent('try'))}
              >${msg('Try a virtual unit')}</button>`
            : nothing
        }
        <button @click=${() => this.dispatchEvent(new CustomEvent('end'))}
          >${msg('End the series')}</button>
      </div>
      ${
        phase === 'unit' && this.canChoose
          ? html`<p class="small muted">${msg(
              'A unit that this browser has not met before has to be chosen once; the others begin by themselves.',
            )}</p>`
          : nothing
      }`;
  }
}

/** For those that are done; their labels are made on a page of their own. */
function labelsLink(units: readonly SeriesUnit[]): TemplateResult | typeof nothing {
  const done = units.filter(({ result }) => result === 'done').map(({ deviceId }) => deviceId);
  if (done.length === 0) return nothing;
  return html`<p><a href="/labels?units=${done.join(',')}">${msg('Labels for these units')}</a></p>`;
}

function nowText({ phase, units }: SeriesState): string {
  const [last] = units;
  switch (phase) {
    case 'off':
      return msg('The series has ended.');
    case 'preparing':
      return msg('Leave the unit plugged in.');
    case 'connecting':
      return msg('Reading which unit this is…');
    case 'unit':
      if (!last) return msg('Plug in the first unit.');
      return last.result === 'done'
        ? msg(str`${last.deviceId} is done. Unplug it and plug in the next unit.`)
        : msg(
            str`${last.deviceId} is not done. Try again below, or plug it in again later and go on with the next unit.`,
          );
  }
}

function unitRow(unit: SeriesUnit): TemplateResult {
  return html`<li>
    <span><strong class="mono">${unit.deviceId}</strong>
      <span class="small muted mono">${unit.mac}</span></span>
    <span class="small ${unit.result}">${resultWords(unit)} · ${duration(unit.elapsedMs)}</span>
  </li>`;
}

function resultWords({ result, isQueued }: SeriesUnit): string {
  if (result === 'done')
    return isQueued ? msg('prepared, waits to be registered') : msg('prepared');
  return result === 'failed' ? msg('failed') : msg('stopped');
}

customElements.define('jb-series-panel', SeriesPanel);

declare global {
  interface HTMLElementTagNameMap {
    'jb-series-panel': SeriesPanel;
  }
}
