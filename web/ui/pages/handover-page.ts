/**
 * `<jb-handover-page>`: a sheet of A4 for who gets a location's units: which stand there, how well
 * they are received where they hang, notes, photos and a line to sign. What is typed is a draft of
 * this tab; photos stay on the page and go nowhere. Knows the backend as web/app/administration.ts.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { OwnWork } from '../../app/administration.ts';
import type { Drafts } from '../../app/drafts.ts';
import { type HandoverUnit, handedOver, type Typed, typedOf } from '../../app/handover.ts';
import type { Observable } from '../../app/observable.ts';
import type { Session } from '../../app/session.ts';
import { signalWords } from '../../app/signal-words.ts';
import { logNotice } from '../elements/log-parts.ts';
import { dateTime } from '../format.ts';
import type { BenchLogParts } from './bench-log-page.ts';
import { handoverStyles } from './handover-styles.ts';

export interface HandoverParts {
  work: Pick<OwnWork, 'places' | 'place' | 'unitsAt'>;
  log: Pick<BenchLogParts['log'], 'shown'>;
  drafts: Drafts;
  /** When what is not new was told, Unix milliseconds; null: all is new. */
  asOf: Observable<number | null>;
}

/** What fits on two sheets, and in the memory of a phone. */
const PHOTOS_MAX = 6;
const NOTES_MAX = 2000;
const WHERE_MAX = 120;

interface Photo {
  /** Of this page alone. */
  url: string;
  name: string;
}

export class HandoverPage extends LitElement {
  static override styles = handoverStyles;
  static override properties = {
    parts: { attribute: false },
    session: { attribute: false },
    locationId: { attribute: false },
    places: { state: true },
    place: { state: true },
    units: { state: true },
    typed: { state: true },
    photos: { state: true },
    error: { state: true },
  };
  declare parts: HandoverParts;
  declare session: Session;
  /** Empty: it is to be chosen. */
  declare locationId: string;
  declare protected places: Awaited<ReturnType<OwnWork['places']>>;
  declare protected place: Awaited<ReturnType<OwnWork['place']>> | null;
  /** null: not known yet. */
  declare protected units: readonly HandoverUnit[] | null;
  declare protected typed: Typed;
  declare protected photos: readonly Photo[];
  declare protected error: AppError | null;

  constructor() {
    super();
    this.locationId = '';
    this.places = [];
    this.place = null;
    this.units = null;
    this.typed = typedOf(null);
    this.photos = [];
    this.error = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#forgetPhotos();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('locationId') || logNotice(this.session.state.value, '')) return;
    this.#forgetPhotos();
    this.place = null;
    this.units = null;
    this.error = null;
    this.typed = typedOf(this.parts.drafts.read(this.#draft()));
    void this.#load(this.locationId);
  }

  protected override render(): TemplateResult {
    const path = this.locationId ? `/handover/${this.locationId}` : '/handover';
    const forbidden = logNotice(this.session.state.value, path);
    const name = this.place?.name ?? '';
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Handover')}${name ? html`: <bdi>${name}</bdi>` : nothing}</h1>
      ${forbidden ?? this.#shown()}
    </div>`;
  }

  #shown(): TemplateResult {
    return html`${this.#choice()}
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      ${this.units ? this.#sheet(this.units) : nothing}`;
  }

  #choice(): TemplateResult {
    return html`<div class="screen field">
      <label for="place">${msg('Location')}</label>
      <select id="place" @change=${this.#chosen}>
        <option value="">${msg('Choose a location')}</option>
        ${this.places.map(
          ({ id, name }) => html`<option value=${id} ?selected=${id === this.locationId}
            >${name}</option>`,
        )}
      </select>
    </div>`;
  }

  #sheet(units: readonly HandoverUnit[]): TemplateResult {
    const by = this.session.state.value.user?.email ?? '';
    // Without a network what the backend said last stands here.
    const known = dateTime(this.parts.asOf.value ?? Date.now());
    return html`${this.place?.address ? html`<p>${this.place.address}</p>` : nothing}
      <p class="small muted">${msg(str`As of ${known}, by ${by}.`)}</p>
      ${
        units.length === 0
          ? html`<p>${msg('No unit stands there yet.')}</p>`
          : html`<div class="scroll"><table>
        <thead><tr>
          <th scope="col">${msg('Unit')}</th><th scope="col">${msg('Where it hangs')}</th>
          <th scope="col">${msg('Signal')}</th><th scope="col">${msg('Firmware')}</th>
          <th scope="col">${msg('Prepared')}</th>
        </tr></thead>
        <tbody>${units.map((unit) => this.#row(unit))}</tbody></table></div>`
      }
      ${this.#notes()}${this.#pictures()}${signatures()}
      <p class="screen"><button class="primary" @click=${() => window.print()}
        >${msg('Print')}</button></p>`;
  }

  #row(unit: HandoverUnit): TemplateResult {
    const { deviceId, name, mac, firmware } = unit;
    const where = this.typed.where[deviceId] ?? '';
    return html`<tr>
      <th scope="row"><strong class="mono">${deviceId}</strong> <bdi>${name}</bdi>
        ${mac ? html`<span class="mac mono">${mac}</span>` : nothing}</th>
      <td><input maxlength=${WHERE_MAX} autocomplete="off" .value=${where}
        aria-label=${msg(str`Where ${deviceId} hangs`)}
        @input=${(e: Event) =>
          this.#type({
            where: { ...this.typed.where, [deviceId]: written(e) },
          })}></td>
      <td>${signalOf(unit)}</td>
      <td>${firmware}</td>
      <td>${preparedOf(unit)}</td>
    </tr>`;
  }

  #notes(): TemplateResult {
    const { notes } = this.typed;
    return html`<section>
      <h2><label for="notes">${msg('Notes')}</label></h2>
      <textarea id="notes" class="screen" maxlength=${NOTES_MAX} .value=${notes}
        aria-describedby="notes-help" @input=${(e: Event) => this.#type({ notes: written(e) })}
      ></textarea>
      <p class="screen help" id="notes-help">${msg(
        'What you type stays in this tab until it is closed. Print the page, or save it as a PDF, before you go.',
      )}</p>
      <p class="paper text">${notes}</p>
    </section>`;
  }

  #pictures(): TemplateResult {
    const isFull = this.photos.length >= PHOTOS_MAX;
    return html`<section class=${this.photos.length === 0 ? 'screen' : ''}>
      <h2>${msg('Photos')}</h2>
      <div class="photos">${this.photos.map(
        ({ url, name }) => html`<figure><img src=${url} alt=${name}>
          <button class="screen small" @click=${() => this.#drop(url)}
            >${msg('Take it off')}</button></figure>`,
      )}</div>
      <div class="screen field">
        <label for="photos">${msg('Add photos')}</label>
        <input id="photos" type="file" accept="image/*" multiple ?disabled=${isFull}
          aria-describedby="photos-help" @change=${this.#add}>
        <p class="help" id="photos-help">${msg(
          str`Up to ${PHOTOS_MAX}. They are on this page only and are sent to nobody.`,
        )}</p>
      </div>
    </section>`;
  }

  readonly #chosen = (event: Event): void => {
    const id = written(event);
    history.replaceState(
      history.state,
      '',
      id ? `/handover/${encodeURIComponent(id)}` : '/handover',
    );
    this.locationId = id;
  };

  readonly #add = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const free = PHOTOS_MAX - this.photos.length;
    const files = [...(input.files ?? [])].filter(({ type }) => type.startsWith('image/'));
    const added = files
      .slice(0, free)
      .map((file) => ({ url: URL.createObjectURL(file), name: file.name }));
    this.photos = [...this.photos, ...added];
    input.value = '';
  };

  #drop(url: string): void {
    URL.revokeObjectURL(url);
    this.photos = this.photos.filter((photo) => photo.url !== url);
  }

  #forgetPhotos(): void {
    for (const { url } of this.photos) URL.revokeObjectURL(url);
    this.photos = [];
  }

  #draft(): string {
    return `handover ${this.locationId}`;
  }

  #type(change: Partial<Typed>): void {
    this.typed = { ...this.typed, ...change };
    this.parts.drafts.write(this.#draft(), JSON.stringify(this.typed));
  }

  async #load(id: string): Promise<void> {
    const { work, log } = this.parts;
    try {
      if (this.places.length === 0) this.places = await work.places();
      if (id === '') return;
      const { lines } = await log.shown();
      const [place, units] = await Promise.all([work.place(id), work.unitsAt(id)]);
      if (id !== this.locationId) return;
      this.place = place;
      this.units = handedOver(id, units, lines);
    } catch (cause) {
      if (id === this.locationId) this.error = toAppError(cause);
    }
  }
}

const written = (event: Event): string =>
  (event.target as HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement).value;

function signalOf({ signalDbm, heardAt }: HandoverUnit): string {
  if (signalDbm === null) return msg('not heard yet');
  const words = signalWords(signalDbm);
  if (heardAt === null) return msg(str`${words} (on the bench)`);
  const when = dateTime(Date.parse(heardAt));
  return msg(str`${words} (where it hangs, ${when})`);
}

function preparedOf({ preparedAt, preparedBy }: HandoverUnit): string {
  if (preparedAt === null) return '';
  return [dateTime(preparedAt), preparedBy].filter(Boolean).join(', ');
}

const signatures = (): TemplateResult => html`<section class="signatures">
  <p class="line">${msg('Place and date')}</p>
  <p class="line">${msg('Handed over by')}</p>
  <p class="line">${msg('Taken over by')}</p>
</section>`;

customElements.define('jb-handover-page', HandoverPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-handover-page': HandoverPage;
  }
}
