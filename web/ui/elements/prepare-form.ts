/**
 * `<jb-prepare-form>`: device id and location, checked as they are typed. Fires `prepare` with
 * {@link PrepareRequest}. Knows no flow.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Location } from '../../../shared/contracts/portal.ts';
import { readDeviceId } from '../../../shared/device-id.ts';
import { dateTime } from '../format.ts';
import { base, buttons, fields } from './styles.ts';

export interface PrepareRequest {
  deviceId: string;
  locationId?: string;
  /** Tests the link although the unit has proven it before. */
  proveAgain: boolean;
  /** Goes on with the next unit that is plugged in. */
  inSeries: boolean;
}

export class PrepareForm extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      form {
        display: grid;
        gap: 16px;
      }
      .row {
        display: grid;
        gap: 16px;
      }
      input#id {
        font-family: var(--mono);
        letter-spacing: 0.06em;
        text-transform: uppercase;
      }
      input#id::placeholder {
        text-transform: none;
      }
      .check {
        display: flex;
        gap: 8px;
        align-items: center;
        min-height: 44px;
        font-weight: 400;
      }
      .check input {
        width: 20px;
        height: 20px;
      }
      @media (min-width: 560px) {
        .row {
          grid-template-columns: 1fr 1fr;
        }
      }
    `,
  ];
  static override properties = {
    locations: { attribute: false },
    asOf: { attribute: false },
    deviceId: {},
    place: {},
    canSkip: { type: Boolean },
    canTake: { type: Boolean },
    canScan: { type: Boolean },
    wrong: { state: true },
  };
  declare locations: readonly Location[];
  /** When they were known so, Unix milliseconds; null: just now. */
  declare asOf: number | null;
  /** Suggested id. */
  declare deviceId: string;
  /** Id of the suggested location. */
  declare place: string;
  /** The unit has proven its link before: that is left out. */
  declare canSkip: boolean;
  /** Somebody is signed in who may hold ids: fires `take`. */
  declare canTake: boolean;
  /** There may be a camera: fires `scan`. */
  declare canScan: boolean;
  declare protected wrong: string;

  constructor() {
    super();
    this.locations = [];
    this.asOf = null;
    this.deviceId = '';
    this.place = '';
    this.canSkip = false;
    this.canTake = false;
    this.canScan = false;
    this.wrong = '';
  }

  override focus(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  protected override render(): TemplateResult {
    return html`<form novalidate @submit=${this.#submit}>
      <div class="row">
        <div class="field">
          <label for="id">${msg('Device id')}</label>
          <input id="id" name="id" autocomplete="off" autocapitalize="characters" spellcheck="false"
            maxlength="200" placeholder="JBNB0042" .value=${this.deviceId}
            aria-invalid=${this.wrong !== ''} aria-describedby="id-help"
            @input=${this.#typed} @blur=${this.#left}>
          <span id="id-help" class=${this.wrong ? 'wrong' : 'help'}
            >${this.wrong || msg('As printed on the label: JBNB and four to eight digits.')}</span>
          ${
            this.canTake
              ? html`<button type="button" class="link" @click=${this.#take}
                >${msg('Take the next free id')}</button>`
              : nothing
          }
          ${
            this.canScan
              ? html`<button type="button" class="link" @click=${this.#scan}
                >${msg('Scan its label')}</button>`
              : nothing
          }
        </div>
        <div class="field">
          <label for="location">${msg('Location')}</label>
          <select id="location" name="location">
            <option value="">${msg('Not placed yet')}</option>
            ${this.locations.map(
              ({ id, name }) => html`<option value=${id} ?selected=${id === this.place}
                >${name}</option>`,
            )}
          </select>
          <span class="help">${msg('Whose store its counts belong to. Can be set later.')}
            ${this.asOf === null ? nothing : remembered(this.asOf)}</span>
        </div>
      </div>
      ${
        this.canSkip
          ? html`<label class="check"><input type="checkbox" name="again"> ${msg(
              'Test the link again, though this unit has proven it before',
            )}</label>`
          : nothing
      }
      <label class="check"><input type="checkbox" name="series"> ${msg(
        'Go on with every unit I plug in next, for the same shop and with the next free id',
      )}</label>
      <div><button class="primary">${msg('Prepare unit')}</button></div>
    </form>`;
  }

  readonly #take = () => {
    this.wrong = '';
    this.dispatchEvent(new CustomEvent('take'));
  };

  readonly #scan = () => this.dispatchEvent(new CustomEvent('scan'));

  readonly #typed = (event: Event) => {
    const { value } = event.target as HTMLInputElement;
    this.wrong = this.wrong || !mayBecomeId(value) ? complaint(value) : '';
  };

  readonly #left = (event: Event) => {
    const input = event.target as HTMLInputElement;
    this.wrong = input.value === '' ? '' : complaint(input.value);
    // shown as it was understood
    input.value = readDeviceId(input.value) ?? input.value;
  };

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const typed = String(data.get('id'));
    const deviceId = readDeviceId(typed);
    this.wrong = complaint(typed);
    if (deviceId === null) {
      this.focus();
      return;
    }
    const locationId = String(data.get('location'));
    const detail: PrepareRequest = {
      deviceId,
      proveAgain: data.get('again') !== null,
      inSeries: data.get('series') !== null,
      ...(locationId === '' ? {} : { locationId }),
    };
    this.dispatchEvent(new CustomEvent('prepare', { detail }));
  };
}

/** Whether somebody who types on may end at an id: nobody is told off in the middle of one. */
const mayBecomeId = (typed: string) =>
  /^(|J|JB|JBN|JBNB\d{0,8}|\d{1,8})$/.test(typed.replace(/[\s-]/g, '').toUpperCase());

function complaint(typed: string): string {
  if (typed.trim() === '') return msg('Type the id that is printed on the unit’s label.');
  if (readDeviceId(typed) !== null) return '';
  return msg(
    'A device id is JBNB and four to eight digits, like JBNB0042; the digits alone do, too.',
  );
}

/** Locations are what this device keeps. */
function remembered(at: number): TemplateResult {
  const time = dateTime(at);
  return html`<span data-testid="locations-as-of">${msg(str`Locations as of ${time}.`)}</span>`;
}

customElements.define('jb-prepare-form', PrepareForm);

declare global {
  interface HTMLElementTagNameMap {
    'jb-prepare-form': PrepareForm;
  }
}
