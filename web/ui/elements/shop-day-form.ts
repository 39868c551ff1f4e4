/**
 * `<jb-shop-day-form>`: sales, takings and a note of one day, as its owner types them. Knows the
 * shop's record; asks nobody else.
 */
import { msg, str } from '@lit/localize';
import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import type { SaidOfDay, ShopDay } from '../../../shared/contracts/shop-day.ts';
import { isolated } from '../../app/isolated.ts';
import { numberOf } from '../../app/till-csv.ts';
import type { Wish } from '../../app/wishes.ts';
import { figure, plural } from '../format.ts';
import { money } from '../format-shop.ts';
import { ChangeForm, FieldFault } from './change-form.ts';
import { typed } from './form.ts';

const FIELDS = ['sales', 'takings', 'note'] as const;
type Typed = Record<(typeof FIELDS)[number], string>;

class ShopDayForm extends ChangeForm {
  static override styles = [
    ChangeForm.styles,
    css`
      form {
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fill, minmax(min(150px, 100%), 1fr));
        align-items: end;
      }
      .note,
      .actions,
      .fate,
      jb-notice {
        grid-column: 1 / -1;
      }
    `,
  ];
  static override properties = { day: {}, said: { attribute: false } };
  declare day: string;
  /** What is stored of the day, or waits. */
  declare said: ShopDay | undefined;
  #filled = '';

  constructor() {
    super();
    this.day = '';
    this.said = undefined;
  }

  protected override get subject(): string {
    return `shop_day ${this.day}`;
  }

  /** Another day is another form: nothing of the one before stays in its fields. */
  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { sales, takings, note } = this.said ?? {};
    const stored = JSON.stringify([this.locationId, this.day, sales, takings, note]);
    if (stored === this.#filled) return;
    this.#filled = stored;
    this.restore();
  }

  protected override fill(): void {
    const { sales, takings, note } = this.said ?? {};
    this.#put({
      sales: sales == null ? '' : String(sales),
      takings: takings == null ? '' : money(takings),
      note: note ?? '',
    });
  }

  protected override draft(): string {
    const fields = FIELDS.map((name) => [name, this.#field(name)?.value ?? '']);
    return JSON.stringify(Object.fromEntries(fields));
  }

  protected override takeDraft(draft: string): void {
    this.#put(JSON.parse(draft));
  }

  #field(name: string): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>(`#${name}`);
  }

  #put(values: Typed): void {
    for (const name of FIELDS) {
      const field = this.#field(name);
      if (field) field.value = values[name] ?? '';
    }
  }

  protected override words(wish: Wish): string {
    return wish.what === 'shop_day' ? dayWords(wish.said) : '';
  }

  protected override render(): TemplateResult {
    const wrong = (name: string) => (this.isWrong(name) ? 'true' : 'false');
    return html`<form @submit=${this.#save} @input=${this.touched}>
      <div class="field"><label for="sales">${msg('Number of sales')}</label>
        <input id="sales" name="sales" inputmode="numeric" autocomplete="off"
          aria-invalid=${wrong('sales')}></div>
      <div class="field"><label for="takings">${msg('Takings, if you like')}</label>
        <input id="takings" name="takings" inputmode="decimal" autocomplete="off"
          aria-invalid=${wrong('takings')}></div>
      <div class="field note"><label for="note">${msg('Note on this day')}</label>
        <input id="note" name="note" maxlength="200" autocomplete="off"
          placeholder=${msg('Market day, roadworks, …')}></div>
      <div class="actions"><button class="primary" aria-disabled=${this.busy}>${msg(
        'Save',
      )}</button></div>
      ${this.status()}
    </form>`;
  }

  readonly #save = async (event: SubmitEvent): Promise<void> => {
    const { sales = '', takings = '', note = '' } = typed(event);
    const { shop, locationId, day } = this;
    await this.save(async () => {
      const said = { sales: whole(sales), takings: amount('takings', takings) };
      return await shop.setDay(locationId, day, { ...said, note: note.trim() || null });
    });
  };
}

/** What is said of a day, as a sentence's parts. */
function dayWords({ sales, takings, note }: SaidOfDay): string {
  const n = figure(sales ?? 0);
  const sum = money(takings ?? 0);
  const parts = [
    sales === null ? '' : plural(sales, { one: msg('one sale'), other: msg(str`${n} sales`) }),
    takings === null ? '' : msg(str`takings of ${sum}`),
    note === null ? '' : `“${note}”`,
  ];
  return parts.filter((part) => part !== '').join(', ') || msg('nothing');
}

/** @throws FieldFault in words for what is no number */
function amount(field: string, text: string): number | null {
  if (text.trim() === '') return null;
  const value = numberOf(text);
  if (value === null || value < 0) {
    const words = msg(str`“${isolated(text)}” is no amount.`);
    throw new FieldFault(field, words, msg('Write digits, like 31 or 204.50.'));
  }
  return Math.round(value * 100) / 100;
}

/** @throws FieldFault for parts of a sale */
function whole(text: string): number | null {
  const value = amount('sales', text);
  if (value === null || Number.isInteger(value)) return value;
  const words = msg(str`“${isolated(text)}” sales: a number of sales is whole.`);
  throw new FieldFault('sales', words, msg('Write the amount of money under takings.'));
}

customElements.define('jb-shop-day-form', ShopDayForm);

declare global {
  interface HTMLElementTagNameMap {
    'jb-shop-day-form': ShopDayForm;
  }
}
