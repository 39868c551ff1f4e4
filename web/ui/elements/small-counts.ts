/**
 * `<jb-small-counts>`: from how many people on a number of a shop may be read outside of this page,
 * and what changes when that is changed. Knows the shop's record; asks nobody else.
 */
import { msg, str } from '@lit/localize';
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { SMALLEST_MAX, SMALLEST_MIN } from '../../../shared/contracts/small-counts.ts';
import type { Wish } from '../../app/wishes.ts';
import { figure } from '../format.ts';
import { ChangeForm } from './change-form.ts';
import './confirm.ts';

/** What a first limit is proposed to be. */
const PROPOSED = 5;

class SmallCountsForm extends ChangeForm {
  static override styles = [
    ChangeForm.styles,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      input {
        max-width: 8em;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];
  static override properties = {
    smallest: { attribute: false },
    typed: { state: true },
  };
  /** As it is stored, or waits; null: every number is shown. */
  declare smallest: number | null;
  /** As the field has it. */
  declare protected typed: string;

  constructor() {
    super();
    this.smallest = null;
    this.typed = String(PROPOSED);
  }

  protected override get subject(): string {
    return 'small_counts';
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('smallest') || changed.has('locationId')) this.restore();
  }

  protected override fill(): void {
    this.typed = String(this.smallest ?? PROPOSED);
  }

  protected override draft(): string {
    return this.typed;
  }

  protected override takeDraft(draft: string): void {
    this.typed = draft;
  }

  protected override words(wish: Wish): string {
    return wish.what === 'small_counts' ? stateWords(wish.smallest) : '';
  }

  protected override render(): TemplateResult {
    if (this.looks) return html`<p>${stateWords(this.smallest)}</p>`;
    const wanted = limitOf(this.typed);
    return html`<p><b data-testid="small-counts">${stateWords(this.smallest)}</b></p>
      <div class="field"><label for="smallest">${msg(
        'Smallest number that reports may show',
      )}</label>
        <input id="smallest" type="number" inputmode="numeric"
          min=${SMALLEST_MIN} max=${SMALLEST_MAX}
          .value=${this.typed} @input=${this.#type}
          aria-invalid=${wanted === null} aria-describedby="smallest-help">
        <p class=${wanted === null ? 'wrong' : 'help'} id="smallest-help">${msg(
          str`A whole number from ${SMALLEST_MIN} to ${SMALLEST_MAX}.`,
        )}</p></div>
      <div class="actions">
        ${wanted === null ? nothing : this.#leaveOut(wanted)}${this.#showAll()}
      </div>
      <p class="small muted">${this.#doing()}</p>
      ${this.status()}`;
  }

  #doing(): string {
    if (this.busy) return msg('The last two months are being changed; that can take a minute.');
    return this.fate === 'stored' ? doneWords(this.smallest) : '';
  }

  #leaveOut(wanted: number): TemplateResult {
    const people = figure(wanted);
    return html`<jb-confirm label=${msg('Leave smaller numbers out')} ?busy=${this.busy}
      confirm-label=${msg('Leave out')} @confirm=${() => this.#set(wanted)}>${msg(
        str`Reports will show nothing where fewer than ${people} people were counted in five minutes, in the last two months as well. An hour with such a piece has no sum there any more. You can take this back.`,
      )}</jb-confirm>`;
  }

  #showAll(): TemplateResult | typeof nothing {
    if (this.smallest === null) return nothing;
    return html`<jb-confirm label=${msg('Show every number')} ?busy=${this.busy}
      confirm-label=${msg('Show')} @confirm=${() => this.#set(null)}>${msg(
        'Reports will show every number again, those of the last two months as well, even where it is about one person.',
      )}</jb-confirm>`;
  }

  readonly #type = (event: Event) => {
    this.typed = (event.target as HTMLInputElement).value;
    this.touched();
  };

  async #set(smallest: number | null): Promise<void> {
    const { shop, locationId } = this;
    await this.save(() => shop.setSmallCounts(locationId, smallest));
  }
}

/** null for what cannot be a limit. */
function limitOf(text: string): number | null {
  const limit = Number(text);
  return Number.isInteger(limit) && limit >= SMALLEST_MIN && limit <= SMALLEST_MAX ? limit : null;
}

function stateWords(smallest: number | null): string {
  if (smallest === null) return msg('Reports show every number.');
  const people = figure(smallest);
  return msg(str`Reports show no number of fewer than ${people} people.`);
}

function doneWords(smallest: number | null): string {
  return smallest === null
    ? msg('Done. Reports show every number of the last two months again.')
    : msg('Done. Smaller numbers of the last two months are taken out of reports.');
}

customElements.define('jb-small-counts', SmallCountsForm);

declare global {
  interface HTMLElementTagNameMap {
    'jb-small-counts': SmallCountsForm;
  }
}
