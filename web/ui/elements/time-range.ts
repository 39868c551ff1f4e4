/**
 * `<jb-time-range>`: a stretch of time of one unit's readings, to be taken out of the sums or put
 * back. Fires `judge` with a SumsRequest, after a second click. Knows no backend.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { SumsRequest } from '../../../shared/contracts/judgement.ts';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import { timeRangeOf } from '../../app/judgement.ts';
import { utcText } from '../format-technical.ts';
import { adminStyles } from './admin-nav.ts';
import './confirm.ts';
import { field } from './form.ts';
import './notice.ts';
import { base, buttons, fields } from './styles.ts';

export class TimeRange extends LitElement {
  static override styles = [base, buttons, fields, adminStyles];
  static override properties = {
    unit: {},
    busy: { type: Boolean },
    from: { state: true },
    to: { state: true },
    error: { state: true },
  };
  declare unit: string;
  declare busy: boolean;
  declare protected from: string;
  declare protected to: string;
  declare protected error: AppError | null;

  constructor() {
    super();
    this.unit = '';
    this.busy = false;
    this.from = '';
    this.to = '';
    this.error = null;
  }

  protected override render(): TemplateResult {
    return html`${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      <form @input=${this.#typed} @submit=${(event: Event) => event.preventDefault()}>
        <div class="row">
          ${field('from', msg('From (UTC)'), { type: 'datetime-local', autocomplete: 'off' })}
          ${field('to', msg('To (UTC)'), { type: 'datetime-local', autocomplete: 'off' })}
        </div>
        <div class="actions">
          ${this.#ask(msg('Take out of the sums'), false)} ${this.#ask(msg('Put into the sums'), true)}
        </div>
      </form>`;
  }

  #ask(label: string, counted: boolean): TemplateResult {
    const [from, to] = [this.from, this.to].map((text) => (text ? utcText(`${text}Z`) : '…'));
    return html`<jb-confirm .label=${label} .confirmLabel=${label} ?busy=${this.busy}
      @confirm=${() => this.#judge(counted)}>${
        counted
          ? msg(
              str`All readings of ${this.unit} from ${from} to ${to} count then, doubted ones as well.`,
            )
          : msg(str`All readings of ${this.unit} from ${from} to ${to} count no more.`)
      }</jb-confirm>`;
  }

  readonly #typed = (event: InputEvent): void => {
    const { name, value } = event.target as HTMLInputElement;
    if (name === 'from') this.from = value;
    if (name === 'to') this.to = value;
  };

  #judge(counted: boolean): void {
    this.error = null;
    try {
      const detail: SumsRequest = { ...timeRangeOf(this.from, this.to), counted };
      this.dispatchEvent(new CustomEvent('judge', { detail }));
    } catch (error) {
      this.error = toAppError(error, 'invalid');
    }
  }
}

customElements.define('jb-time-range', TimeRange);

declare global {
  interface HTMLElementTagNameMap {
    'jb-time-range': TimeRange;
  }
}
