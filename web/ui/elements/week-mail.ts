/**
 * `<jb-week-mail>`: switches the Monday mail about a shop on and off. Knows the shop's record; asks
 * nobody else.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { WeekMail as Wanted } from '../../../shared/contracts/week-mail.ts';
import type { AppError } from '../../../shared/errors.ts';
import { pageLanguageTag } from '../../app/language.ts';
import type { ShopRecord } from '../../app/shop-record.ts';
import { attempt } from './form.ts';
import './notice.ts';
import { base, fields } from './styles.ts';

export class WeekMailSwitch extends LitElement {
  static override styles = [
    base,
    fields,
    css`
      label {
        display: flex;
        gap: 12px;
        align-items: flex-start;
        font-weight: 400;
        font-size: var(--size-16);
        min-height: 44px;
        overflow-wrap: anywhere;
      }
      input {
        width: 20px;
        height: 20px;
        margin: 2px 0 0;
        flex: none;
      }
    `,
  ];
  static override properties = {
    shop: { attribute: false },
    locationId: { attribute: false },
    mail: { attribute: false },
    busy: { state: true },
    error: { state: true },
  };
  declare shop: ShopRecord;
  declare locationId: string;
  /** As it is stored. */
  declare mail: Wanted | null;
  declare busy: boolean;
  declare error: AppError | null;

  constructor() {
    super();
    this.mail = null;
    this.busy = false;
    this.error = null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { mail } = this;
    if (!mail) return nothing;
    return html`<label><input type="checkbox" .checked=${mail.is_on} ?disabled=${this.busy}
        @change=${this.#switch}>
        <span>${msg(str`On Monday mornings, mail me the week before, to ${mail.email}.`)}
          <span class="help">${msg('Each mail has a link that ends them.')}</span></span></label>
      ${this.error ? html`<jb-notice .error=${this.error} tone="bad"></jb-notice>` : nothing}`;
  }

  readonly #switch = async (event: Event): Promise<void> => {
    const field = event.target as HTMLInputElement;
    const wanted = { is_on: field.checked, language: pageLanguageTag() };
    const { shop, locationId } = this;
    const isDone = await attempt(this, () => shop.setWeekMail(locationId, wanted));
    if (!isDone) field.checked = !wanted.is_on;
  };
}

customElements.define('jb-week-mail', WeekMailSwitch);

declare global {
  interface HTMLElementTagNameMap {
    'jb-week-mail': WeekMailSwitch;
  }
}
