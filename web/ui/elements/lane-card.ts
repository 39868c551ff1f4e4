/**
 * `<jb-lane-card>`: one of several units that are worked on at once: who it is, what happens, its
 * own bar, and what can be done. Fetched with a series' panel. Knows no port.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { describeError } from '../../app/error-messages.ts';
import type { PrepareState } from '../../app/prepare-state.ts';
import { prepareTime } from '../../app/prepare-time.ts';
import type { LaneView } from '../../app/series-lane.ts';
import { ObservableController } from '../controllers/observable.ts';
import { leftText, stateText } from './prepare-hero.ts';
import { base, buttons } from './styles.ts';

export class LaneCard extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      article {
        display: grid;
        gap: 8px;
        padding: 12px;
        border-radius: var(--radius-small);
        background: var(--sunken);
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 4px 12px;
      }
      h3 {
        font-size: var(--size-16);
      }
      .failed h3 {
        color: var(--bad);
      }
      .done h3 {
        color: var(--ok);
      }
      progress {
        width: 100%;
        height: 8px;
        accent-color: var(--accent);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];
  static override properties = { lane: { attribute: false } };
  declare lane: LaneView;

  constructor() {
    super();
    new ObservableController(this, () => this.lane?.prepare.state);
    new ObservableController(this, () => this.lane?.unit.state);
  }

  protected override render(): TemplateResult | typeof nothing {
    const prepare = this.lane.prepare.state.value;
    const { result, deviceId } = prepare;
    const { phase } = this.lane.unit.state.value;
    const isUnplugged = phase === 'lost' || phase === 'none';
    if (this.lane.phase === 'free' && isUnplugged && result === 'done') return nothing;
    const mac = this.lane.unit.state.value.chip?.mac ?? prepare.mac ?? '';
    const isConnecting = this.lane.phase === 'connecting';
    const words = isConnecting ? msg('Reading which unit this is…') : stateText(prepare);
    return html`<article class=${isConnecting ? '' : result} data-lane=${this.lane.number}
      data-state=${isConnecting ? 'connecting' : result}>
      <div class="top">
        <h3>${words} <span class="mono">${isConnecting ? '' : deviceId}</span></h3>
        <span class="small muted mono">${mac}</span>
      </div>
      ${isConnecting ? nothing : this.#now(prepare)}
      <div class="buttons">${isConnecting ? nothing : this.#buttons(prepare)}</div>
    </article>`;
  }

  #now(prepare: PrepareState): TemplateResult | typeof nothing {
    const { result, error, deviceId } = prepare;
    if (result === 'running') {
      const { fraction, leftMs } = prepareTime(prepare);
      return html`<progress max="100" value=${Math.floor(fraction * 100)} aria-label=${deviceId}>
        </progress><p class="small">${leftText(leftMs)}</p>`;
    }
    if (!error) return nothing;
    return html`<p class="small">${describeError(error).message} ${prepare.advice}</p>`;
  }

  #buttons({ result }: PrepareState): TemplateResult {
    const { unit, prepare } = this.lane;
    const { hello, phase } = unit.state.value;
    const blink = () => void unit.request({ cmd: 'blink' }).catch(() => undefined); // in its state
    return html`${
      result === 'running'
        ? html`<button class="small" @click=${() => prepare.cancel()}>${msg('Cancel')}</button>`
        : nothing
    }${
      result === 'failed' || result === 'cancelled'
        ? html`<button class="small" @click=${() => void prepare.retry()}>${msg('Try again')}</button>`
        : nothing
    }${
      phase === 'running' && hello && result !== 'running'
        ? html`<button class="small" title=${msg('Its light blinks white for ten seconds.')}
          @click=${blink}>${msg('Blink')}</button>`
        : nothing
    }`;
  }
}

customElements.define('jb-lane-card', LaneCard);

declare global {
  interface HTMLElementTagNameMap {
    'jb-lane-card': LaneCard;
  }
}
