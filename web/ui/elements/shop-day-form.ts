/**
 * `<jb-shop-day-form>`: sales, takings and a note of one day, as its owner types them. What is
 * typed stays until it is stored. Knows the shop's record; asks nobody else.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ShopDay } from '../../../shared/contracts/shop-day.ts';
import { AppError } from '../../../shared/errors.ts';
import type { ShopRecord } from '../../app/shop-record.ts';
import { numberOf } from '../../app/till-csv.ts';
import { money } from '../format.ts';
import { attempt, typed } from './form.ts';
import './notice.ts';
import { base, buttons, fields } from './styles.ts';

export class ShopDayForm extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      form {
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fill, minmax(min(150px, 100%), 1fr));
        align-items: end;
      }
      .note {
        grid-column: 1 / -1;
      }
      .actions {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
      }
    `,
  ];
  static override properties = {
    shop: { attribute: false },
    locationId: { attribute: false },
    day: {},
    said: { attribute: false },
    busy: { state: true },
    error: { state: true },
    isStored: { state: true },
  };
  declare shop: ShopRecord;
  declare locationId: string;
  declare day: string;
  /** What is stored of the day. */
  declare said: ShopDay | undefined;
  declare busy: boolean;
  declare error: AppError | null;
  declare protected isStored: boolean;

  constructor() {
    super();
    this.day = '';
    this.said = undefined;
    this.busy = false;
    this.error = null;
    this.isStored = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('day') && !changed.has('locationId')) return;
    this.isStored = false;
    this.error = null;
  }

  /** Another day is another form: nothing of the one before stays in its fields. */
  protected override updated(changed: PropertyValues): void {
    if (!changed.has('day') && !changed.has('said') && !changed.has('locationId')) return;
    const put = (name: string, value: string) => {
      const field = this.renderRoot.querySelector<HTMLInputElement>(`#${name}`);
      if (field) field.value = value;
    };
    put('sales', this.said?.sales == null ? '' : String(this.said.sales));
    put('takings', this.said?.takings == null ? '' : money(this.said.takings));
    put('note', this.said?.note ?? '');
  }

  protected override render(): TemplateResult {
    return html`<form @submit=${this.#save} @input=${this.#touched}>
      <div class="field"><label for="sales">${msg('Number of sales')}</label>
        <input id="sales" name="sales" inputmode="numeric" autocomplete="off"></div>
      <div class="field"><label for="takings">${msg('Takings, if you like')}</label>
        <input id="takings" name="takings" inputmode="decimal" autocomplete="off"></div>
      <div class="field note"><label for="note">${msg('Note on this day')}</label>
        <input id="note" name="note" maxlength="200" autocomplete="off"
          placeholder=${msg('Market day, roadworks, …')}></div>
      <div class="actions">
        <button class="primary" aria-disabled=${this.busy}>${msg('Save')}</button>
        <span class="small muted" role="status">${this.isStored ? msg('Saved.') : ''}</span>
        ${this.error ? html`<jb-notice .error=${this.error} tone="bad"></jb-notice>` : nothing}
      </div>
    </form>`;
  }

  readonly #touched = () => {
    this.isStored = false;
  };

  readonly #save = async (event: SubmitEvent): Promise<void> => {
    const { sales = '', takings = '', note = '' } = typed(event);
    if (this.busy) return;
    const { shop, locationId, day } = this;
    this.isStored = await attempt(this, async () => {
      const said = { sales: whole(sales), takings: amount(takings), note: note.trim() || null };
      await shop.setDay(locationId, day, said);
    });
  };
}

/** @throws AppError `invalid` in words for what is no number */
function amount(text: string): number | null {
  if (text.trim() === '') return null;
  const value = numberOf(text);
  if (value === null || value < 0) {
    throw new AppError('invalid', msg(str`“${text}” is no amount.`), {
      hint: msg('Write digits, like 31 or 204.50.'),
    });
  }
  return Math.round(value * 100) / 100;
}

/** @throws AppError `invalid` for parts of a sale */
function whole(text: string): number | null {
  const value = amount(text);
  if (value === null || Number.isInteger(value)) return value;
  throw new AppError('invalid', msg(str`“${text}” sales: a number of sales is whole.`), {
    hint: msg('Write the amount of money under takings.'),
  });
}

customElements.define('jb-shop-day-form', ShopDayForm);

declare global {
  interface HTMLElementTagNameMap {
    'jb-shop-day-form': ShopDayForm;
  }
}
