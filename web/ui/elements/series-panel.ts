/**
 * `<jb-series-panel>`: a box of units, one after the other or several at once: what to do now, the
 * lanes beside the bench's own, how many are done, and what became of the latest. Fires `choose`,
 * `try` and `end`. Knows no flow.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { isolated } from '../../app/isolated.ts';
import type { SeriesState, SeriesUnit } from '../../app/series.ts';
import { plural } from '../format.ts';
import { duration } from '../format-technical.ts';
import './lane-card.ts';
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
      .lanes {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr));
        gap: 12px;
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
    const { phase, units, error, doneIds } = this.state;
    return html`<h2>${msg('A box of units')}</h2>
      <p class="now" role="status" data-testid="series-now">${nowText(this.state)}</p>
      ${this.place ? html`<p>${msg(str`For ${isolated(this.place)}.`)}</p>` : nothing}
      ${error ? html`<jb-notice .error=${error} tone="warn"></jb-notice>` : nothing}
      ${phase === 'off' ? nothing : this.#buttons()}
      ${this.#lanes()}
      ${
        units.length === 0
          ? nothing
          : html`<p data-testid="series-count">${countText(this.state)}</p>
            ${labelsLink(doneIds)}<ol aria-label=${msg('Units of this series')}>${units.map(unitRow)}</ol>`
      }`;
  }

  /** The bench's own stands below, large. */
  #lanes(): TemplateResult | typeof nothing {
    const others = this.state.lanes.filter(
      ({ number, phase, unit }) =>
        number > 1 && (phase !== 'free' || unit.state.value.phase !== 'none'),
    );
    if (others.length === 0) return nothing;
    return html`<div class="lanes">${others.map(
      (lane) => html`<jb-lane-card .lane=${lane}></jb-lane-card>`,
    )}</div>`;
  }

  #fire(what: 'choose' | 'try' | 'end'): () => void {
    return () => this.dispatchEvent(new CustomEvent(what));
  }

  #buttons(): TemplateResult {
    const mayChoose = this.state.canTake && this.canChoose;
    return html`<div class="buttons">
        ${
          mayChoose
            ? html`<button class="small" @click=${this.#fire('choose')}
              >${msg('Choose the unit')}</button>`
            : nothing
        }
        ${
          this.state.canTake && this.canTry
            ? html`<button class="small" @click=${this.#fire('try')}
              >${msg('Try a virtual unit')}</button>`
            : nothing
        }
        <button class="small" @click=${this.#fire('end')}
          >${msg('End the series')}</button>
      </div>
      ${
        mayChoose
          ? html`<p class="small muted">${msg(
              'A unit that this browser has not met before has to be chosen once; the others begin by themselves.',
            )}</p>`
          : nothing
      }`;
  }
}

/** For those that are done; their labels are made on a page of their own. */
function labelsLink(done: readonly string[]): TemplateResult | typeof nothing {
  if (done.length === 0) return nothing;
  return html`<p><a href="/labels?units=${done.join(',')}">${msg('Labels for these units')}</a></p>`;
}

function countText({ count: { done, failed, cancelled } }: SeriesState): string {
  const ready = plural(done, {
    one: msg('One unit is done.'),
    other: msg(str`${done} units are done.`),
  });
  const rest = failed + cancelled;
  if (rest === 0) return ready;
  return `${ready} ${plural(rest, {
    one: msg('One is not: plug it in again.'),
    other: msg(str`${rest} are not: plug them in again.`),
  })}`;
}

function nowText({ phase, units, canTake, lanes }: SeriesState): string {
  const [last] = units;
  switch (phase) {
    case 'off':
      return msg('The series has ended.');
    case 'preparing':
      return canTake && lanes.length > 0
        ? msg(
            'Leave it plugged in until you hear the sound. You can plug in another one meanwhile.',
          )
        : msg('Leave the unit plugged in.');
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
