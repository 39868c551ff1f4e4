/**
 * `<jb-to-confirm>`: units that were prepared without a network, until they are proven. Looks again
 * by itself while something is open. Fetched by the bench; knows no adapter.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { confirmWords, type ToConfirm, type ToConfirmLine } from '../../app/to-confirm.ts';
import type { BenchParts } from '../controllers/bench.ts';
import { ObservableController } from '../controllers/observable.ts';
import './notice.ts';
import { base } from './styles.ts';
import { statedRows } from './styles-parts.ts';

/** A first reading comes some minutes after its heartbeat. */
const LOOK_MS = 20_000;

export class ToConfirmList extends LitElement {
  static override styles = [
    base,
    statedRows,
    css`
      section {
        display: grid;
        gap: 12px;
      }
      .refused span,
      .gone span,
      .another span {
        color: var(--bad);
      }
    `,
  ];
  static override properties = { parts: { attribute: false }, own: { state: true } };
  declare parts: Pick<BenchParts, 'ready' | 'delivery'>;
  declare protected own: ToConfirm | null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #stop = () => {};

  constructor() {
    super();
    this.own = null;
    new ObservableController(this, () => this.own?.state);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#again(), LOOK_MS);
    void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#stop();
  }

  async #open(): Promise<void> {
    await this.updateComplete;
    try {
      this.own = (await this.parts.ready()).toConfirm;
    } catch (error) {
      console.debug('What is to be confirmed cannot be shown.', error);
      return;
    }
    const { own } = this;
    const unwatch = await own.watch();
    // What waited was delivered, or refused.
    const unsubscribe = this.parts.delivery.state.subscribe(() => void own.look());
    this.#stop = () => {
      unwatch();
      unsubscribe();
    };
    if (this.isConnected) void own.look();
    else this.#stop();
  }

  #again(): void {
    const isOpen = this.own?.state.value.units.some(({ state }) => state !== 'proven');
    if (isOpen && !document.hidden) void this.own?.look();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { units = [], orders = [] } = this.own?.state.value ?? {};
    if (units.length === 0 && orders.length === 0) return nothing;
    return html`<section aria-labelledby="to-confirm">
      <h2 id="to-confirm">${msg('Prepared without a network')}</h2>
      ${orders.map((words) => html`<jb-notice tone="warn" headline=${words}></jb-notice>`)}
      <ul>${units.map(row)}</ul></section>`;
  }
}

const row = ({ deviceId, mac, state }: ToConfirmLine): TemplateResult =>
  html`<li class=${state} data-unit=${deviceId} data-state=${state}>
    <strong class="mono" title=${mac}>${deviceId}</strong>
    <span>${confirmWords(state)}</span></li>`;

customElements.define('jb-to-confirm', ToConfirmList);

declare global {
  interface HTMLElementTagNameMap {
    'jb-to-confirm': ToConfirmList;
  }
}
