/**
 * `<jb-small-counts>`: from how many people on a number of a shop may be read outside of this page,
 * and what changes when that is changed. Knows the shop's record; asks nobody else.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { SMALLEST_MAX, SMALLEST_MIN } from '../../../shared/contracts/small-counts.ts';
import { AppError } from '../../../shared/errors.ts';
import type { ShopRecord } from '../../app/shop-record.ts';
import { figure } from '../format.ts';
import './confirm.ts';
import { attempt } from './form.ts';
import './notice.ts';
import { base, fields } from './styles.ts';

/** What a first limit is proposed to be. */
const PROPOSED = 5;

export class SmallCountsForm extends LitElement {
  static override styles = [
    base,
    fields,
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
    shop: { attribute: false },
    locationId: { attribute: false },
    smallest: { attribute: false },
    typed: { state: true },
    busy: { state: true },
    error: { state: true },
    done: { state: true },
  };
  declare shop: ShopRecord;
  declare locationId: string;
  /** As it is stored; null: every number is shown. */
  declare smallest: number | null;
  /** As the field has it. */
  declare protected typed: string;
  declare busy: boolean;
  declare error: AppError | null;
  declare protected done: boolean;

  constructor() {
    super();
    this.smallest = null;
    this.typed = String(PROPOSED);
    this.busy = false;
    this.error = null;
    this.done = false;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('locationId')) {
      this.done = false;
      this.error = null;
    }
    if (changed.has('smallest') || changed.has('locationId'))
      this.typed = String(this.smallest ?? PROPOSED);
  }

  protected override render(): TemplateResult {
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
      <p class="small muted" role="status">${this.#status()}</p>
      ${this.error ? html`<jb-notice .error=${this.error} tone="bad"></jb-notice>` : nothing}`;
  }

  #status(): string {
    if (this.busy) return msg('The last two months are being changed; that can take a minute.');
    return this.done ? doneWords(this.smallest) : '';
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
    this.done = false;
  };

  async #set(smallest: number | null): Promise<void> {
    const { shop, locationId } = this;
    this.done = false;
    const isDone = await attempt(this, () => shop.setSmallCounts(locationId, smallest));
    if (this.locationId !== locationId) return;
    this.done = isDone;
    // Stored, and yet an error: only what was sent before could not be changed.
    if (!isDone && shop.state.value.smallCounts?.smallest_shown === smallest)
      this.error = new AppError(
        'unavailable',
        msg('This is set, but older numbers are not changed yet.'),
        {
          hint: msg('The reports cannot be reached. New numbers go by it; press again in a while.'),
          ...(this.error && { cause: this.error }),
        },
      );
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
