/**
 * `<jb-bench-start>`: what is done before a unit is plugged in: work is chosen, this device is made
 * ready. Fetched by the bench when nothing is connected; asks for the parts of it by itself.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { Along } from '../../app/ready.ts';
import type { BenchParts } from '../controllers/bench.ts';
import { ObservableController } from '../controllers/observable.ts';
import './bench-orders.ts';
import './notice.ts';
import './ready-panel.ts';
import { base } from './styles.ts';

export class BenchStart extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: 32px;
      }
    `,
  ];
  static override properties = {
    parts: { attribute: false },
    own: { state: true },
    error: { state: true },
  };
  declare parts: Pick<BenchParts, 'ready' | 'session'>;
  declare protected own: Along | null;
  declare error: AppError | null;

  constructor() {
    super();
    this.own = null;
    this.error = null;
    new ObservableController(this, () => this.parts?.session.state);
    new ObservableController(this, () => this.own?.ready.state);
  }

  protected override firstUpdated(): void {
    void this.#open();
  }

  async #open(): Promise<void> {
    try {
      this.own = await this.parts.ready();
    } catch (cause) {
      this.error = toAppError(cause);
    }
  }

  protected override render(): TemplateResult {
    if (!this.own)
      return this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : html`${nothing}`;
    const { ready, work } = this.own;
    const { user } = this.parts.session.state.value;
    return html`${
      user
        ? html`<jb-bench-orders .work=${work} me=${user.id}
          nextId=${ready.state.value.ids.next ?? ''}></jb-bench-orders>`
        : nothing
    }<jb-ready-panel .ready=${ready}
      ?signedIn=${user !== null}></jb-ready-panel>`;
  }
}

customElements.define('jb-bench-start', BenchStart);

declare global {
  interface HTMLElementTagNameMap {
    'jb-bench-start': BenchStart;
  }
}
