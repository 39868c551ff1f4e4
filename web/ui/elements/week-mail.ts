/**
 * `<jb-week-mail>`: switches the Monday mail about a shop on and off. Knows the shop's record; asks
 * nobody else.
 */
import { msg, str } from '@lit/localize';
import { css, html, nothing, type TemplateResult } from 'lit';
import type { WeekMail as Wanted } from '../../../shared/contracts/week-mail.ts';
import { isolated } from '../../app/isolated.ts';
import { pageLanguageTag } from '../../app/language.ts';
import { ChangeForm } from './change-form.ts';

class WeekMailSwitch extends ChangeForm {
  static override styles = [
    ChangeForm.styles,
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
  static override properties = { mail: { attribute: false } };
  /** As it is stored, or waits. */
  declare mail: Wanted | null;

  constructor() {
    super();
    this.mail = null;
  }

  protected override get subject(): string {
    return 'week_mail';
  }

  /** Saved when it is switched: there is nothing typed, and nobody else to be faster. */
  protected override fill(): void {}
  protected override takeDraft(): void {}
  protected override draft(): string {
    return '';
  }
  protected override words(): string {
    return '';
  }

  protected override render(): TemplateResult | typeof nothing {
    const { mail } = this;
    if (!mail) return nothing;
    return html`<label><input type="checkbox" .checked=${mail.is_on} @change=${this.#switch}>
        <span>${msg(str`On Monday mornings, mail me the week before, to ${isolated(mail.email)}.`)}
          <span class="help">${msg('Each mail has a link that ends them.')}</span></span></label>
      ${this.status()}`;
  }

  readonly #switch = async (event: Event): Promise<void> => {
    const field = event.target as HTMLInputElement;
    const wanted = { is_on: field.checked, language: pageLanguageTag() };
    const { shop, locationId } = this;
    const isDone = await this.save(() => shop.setWeekMail(locationId, wanted));
    if (!isDone) field.checked = this.mail?.is_on ?? false;
  };
}

customElements.define('jb-week-mail', WeekMailSwitch);

declare global {
  interface HTMLElementTagNameMap {
    'jb-week-mail': WeekMailSwitch;
  }
}
