/**
 * `<jb-person-places>`: whose numbers an owner or staff sees, to be changed by an administrator.
 * Fires `places-changed` with what was seen and what is wanted; knows no backend.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Person, PersonPlacesRequest } from '../../../shared/contracts/people.ts';
import type { Location } from '../../../shared/contracts/portal.ts';
import { isolated } from '../../app/isolated.ts';
import { adminStyles } from './admin-nav.ts';
import { base, buttons, fields } from './styles.ts';

export class PersonPlaces extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    adminStyles,
    css`
      :host {
        display: block;
      }
      form {
        padding-top: 8px;
      }
    `,
  ];
  static override properties = {
    person: { attribute: false },
    places: { attribute: false },
    busy: { type: Boolean },
  };
  declare person: Person;
  /** All that there are. */
  declare places: readonly Location[];
  declare busy: boolean;

  constructor() {
    super();
    this.places = [];
    this.busy = false;
  }

  protected override render(): TemplateResult {
    const { location_ids } = this.person;
    const name = (id: string) => this.places.find((place) => place.id === id)?.name ?? id;
    const seen = location_ids.map((id) => isolated(name(id))).join(', ');
    return html`<p class="small who">${
      seen ? msg(str`Sees ${seen}.`) : msg('Sees no location yet.')
    }</p>
      <details>
        <summary class="small">${msg('Change locations')}</summary>
        <form @submit=${this.#submit}>
          <fieldset>
            <legend>${msg('Whose numbers he or she sees')}</legend>
            ${this.places.map(
              ({ id, name }) => html`<label class="check">
                <input type="checkbox" name="place" value=${id}
                  .checked=${live(location_ids.includes(id))}>${name}</label>`,
            )}
          </fieldset>
          ${
            this.person.role === 'owner'
              ? html`<p class="help">${msg('Whoever gets a location sees all that was counted there, and its till and notes.')}</p>`
              : nothing
          }
          <p><button class="small" aria-disabled=${this.busy}>${msg('Store locations')}</button></p>
        </form>
      </details>`;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.busy) return;
    const data = new FormData(event.target as HTMLFormElement);
    const detail: PersonPlacesRequest = {
      location_ids: data.getAll('place').map(String),
      from: this.person.location_ids,
    };
    this.dispatchEvent(new CustomEvent('places-changed', { detail }));
  };
}

customElements.define('jb-person-places', PersonPlaces);

declare global {
  interface HTMLElementTagNameMap {
    'jb-person-places': PersonPlaces;
  }
}
