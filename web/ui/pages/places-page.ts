/**
 * `<jb-places-page>`: locations as an administrator keeps them: name, address, position, time zone,
 * opening hours. Knows the backend only as web/app/administration.ts.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { LocationDetail } from '../../../shared/contracts/location.ts';
import type { OpeningTime } from '../../../shared/contracts/opening-hours.ts';
import type { Location } from '../../../shared/contracts/portal.ts';
import type { AppError } from '../../../shared/errors.ts';
import { idFor, type Places } from '../../app/administration.ts';
import { directHours } from '../../app/direct-hours.ts';
import type { Session } from '../../app/session.ts';
import { adminNav, adminStyles, rows, signInFirst } from '../elements/admin-nav.ts';
import { attempt, isolated, typed } from '../elements/form.ts';
import { base, buttons, fields } from '../elements/styles.ts';
import { placeProblem } from '../place-words.ts';

const NEW: LocationDetail = {
  ...{ id: '', name: '', time_zone: '', address: null, latitude: null, longitude: null },
};

export class PlacesPageView extends LitElement {
  static override styles = [base, buttons, fields, adminStyles];
  static override properties = {
    keeper: { attribute: false },
    session: { attribute: false },
    go: { attribute: false },
    place: {},
    all: { state: true },
    detail: { state: true },
    hours: { state: true },
    busy: { state: true },
    done: { state: true },
    wrong: { state: true },
    error: { state: true },
  };
  declare keeper: Places;
  declare session: Session;
  declare go: (path: string) => void;
  /** Id of the one that is looked at; empty: all of them. */
  declare place: string;
  declare protected all: Location[] | null;
  declare protected detail: LocationDetail | null;
  declare protected hours: OpeningTime[] | null;
  declare busy: boolean;
  declare protected done: string;
  /** The field that cannot be stored, and why. */
  declare protected wrong: ReturnType<typeof placeProblem>;
  declare error: AppError | null;

  readonly #hours = directHours(async (id, times) => {
    this.hours = await this.keeper.setOpeningHours(id, times);
  });

  constructor() {
    super();
    this.place = '';
    this.all = null;
    this.detail = null;
    this.hours = null;
    this.busy = false;
    this.done = '';
    this.wrong = null;
    this.error = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('place') || !this.session.state.value.user) return;
    const { place } = this;
    this.detail = null;
    this.hours = null;
    this.done = '';
    this.wrong = null;
    void attempt(this, async () => {
      if (place === '') {
        this.all = await this.keeper.places();
        return;
      }
      const asked = [this.keeper.place(place), this.keeper.openingHours(place)] as const;
      const [detail, hours] = await Promise.all(asked);
      if (place === this.place) Object.assign(this, { detail, hours });
      void import('../elements/opening-hours.ts');
    });
  }

  protected override render(): TemplateResult {
    const { user } = this.session.state.value;
    return html`<div class="page">
      <h1 tabindex="-1">${this.detail?.name ?? msg('Locations')}</h1>
      ${adminNav('places')}
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      ${this.done ? html`<jb-notice tone="ok" headline=${this.done}></jb-notice>` : nothing}
      ${user ? this.#shown() : signInFirst('/admin/places')}
    </div>`;
  }

  #shown(): TemplateResult {
    if (this.place !== '') return this.#one();
    return html`<section aria-label=${msg('Locations')}>
        ${this.all === null && this.busy ? html`<p class="muted">${msg('Fetching …')}</p>` : nothing}
        ${this.all?.length === 0 ? html`<p>${msg('There is no location yet.')}</p>` : nothing}
        ${rows(
          this.all ?? [],
          ({ id }) => id,
          ({ id, name, time_zone }) => html`<li>
            <p class="who"><a href="/admin/places/${id}">${name}</a>
              <span class="small muted">${time_zone}</span></p>
          </li>`,
        )}
      </section>
      <section aria-labelledby="new-title">
        <h2 id="new-title">${msg('A new location')}</h2>
        ${this.#form(NEW, msg('Make it'))}
      </section>`;
  }

  #one(): TemplateResult {
    const { detail, hours } = this;
    return html`<p class="small"><a href="/admin/places">${msg('All locations')}</a></p>
      ${detail ? this.#form(detail, msg('Store it')) : nothing}
      ${
        detail && hours
          ? html`<section aria-labelledby="hours-title">
              <h2 id="hours-title">${msg('Opening hours')}</h2>
              <jb-opening-hours .shop=${this.#hours} .locationId=${detail.id} .times=${hours}
                ></jb-opening-hours>
            </section>`
          : nothing
      }`;
  }

  #form(said: LocationDetail, action: string): TemplateResult {
    const input = (name: keyof LocationDetail, label: string, help = '', required = false) =>
      html`<div class="field">
        <label for=${name}>${label}</label>
        <input id=${name} name=${name} autocomplete="off" ?required=${required}
          .value=${String(said[name] ?? '')} list=${name === 'time_zone' ? 'zones' : nothing}
          aria-invalid=${this.wrong?.field === name}
          aria-describedby=${`${name}-wrong ${name}-help`}>
        <p class="small wrong" id="${name}-wrong">${
          this.wrong?.field === name ? this.wrong.words : nothing
        }</p>
        ${help ? html`<p class="help" id="${name}-help">${help}</p>` : nothing}
      </div>`;
    return html`<form @submit=${this.#submit}>
      <div class="row">
        ${input('name', msg('Name'), '', true)}
        ${said.id === '' ? input('id', msg('Id'), msg('For ever; left empty, it comes from the name.')) : nothing}
        ${input('time_zone', msg('Time zone'), msg('Like Europe/Berlin; which day it is there.'), true)}
      </div>
      ${input('address', msg('Address'))}
      <div class="row">
        ${input('latitude', msg('Latitude'), msg('Degrees, like 52.52'))}
        ${input('longitude', msg('Longitude'), msg('Degrees, like 13.405'))}
      </div>
      <datalist id="zones">${Intl.supportedValuesOf('timeZone').map(
        (zone) => html`<option value=${zone}></option>`,
      )}</datalist>
      <p><button class="primary" aria-disabled=${this.busy}>${action}</button></p>
    </form>`;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    const fields = typed(event);
    if (this.busy) return;
    this.done = '';
    const text = (name: string) => (fields[name] ?? '').trim();
    const degrees = (name: string) =>
      text(name) === '' ? null : Number(text(name).replace(',', '.'));
    const said = {
      ...{ name: text('name'), time_zone: text('time_zone'), address: text('address') || null },
      ...{ latitude: degrees('latitude'), longitude: degrees('longitude') },
    };
    this.error = null;
    this.wrong = placeProblem(said);
    if (this.wrong) {
      this.renderRoot.querySelector<HTMLElement>(`#${this.wrong.field}`)?.focus();
      return;
    }
    await attempt(this, async () => {
      if (this.place === '') {
        const { id } = await this.keeper.create({ id: text('id') || idFor(said.name), ...said });
        this.go(`/admin/places/${id}`);
        return;
      }
      this.detail = await this.keeper.change(this.place, said);
      this.done = msg(str`${isolated(said.name)} is stored.`);
    });
  };
}

customElements.define('jb-places-page', PlacesPageView);

declare global {
  interface HTMLElementTagNameMap {
    'jb-places-page': PlacesPageView;
  }
}
