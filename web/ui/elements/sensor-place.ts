/**
 * `<jb-sensor-place>`: a sensor's name, where it stands, its coordinates, and whether it is in
 * service. Fires `wish` with a SensorChange. Knows no backend.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { UnitDetail } from '../../../shared/contracts/fleet.ts';
import type { Location, Role } from '../../../shared/contracts/portal.ts';
import type { AdminStatus, SensorChange } from '../../app/sensor.ts';
import { statusWord } from '../sensor-words.ts';
import './confirm.ts';
import { typed } from './form.ts';
import { base, buttons, fields } from './styles.ts';

const STATUSES: readonly AdminStatus[] = ['active', 'maintenance', 'inactive'];

export class SensorPlace extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host,
      form {
        display: grid;
        gap: 16px;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 12px 16px;
        align-items: end;
      }
      .row > .field {
        flex: 1 1 160px;
      }
    `,
  ];
  static override properties = {
    detail: { attribute: false },
    locations: { attribute: false },
    role: {},
    busy: { type: Boolean },
  };
  declare detail: UnitDetail;
  declare locations: readonly Location[];
  declare role: Role | null;
  declare busy: boolean;

  constructor() {
    super();
    this.locations = [];
    this.role = null;
    this.busy = false;
  }

  protected override render(): TemplateResult {
    const { name, location_id, latitude, longitude } = this.detail;
    const places = this.locations.map(
      ({ id, name: place }) => html`<option value=${id} ?selected=${id === location_id}
        >${place}</option>`,
    );
    return html`
      <form @submit=${this.#rename}><div class="row">
        <div class="field"><label for="name">${msg('Name')}</label>
          <input id="name" name="name" maxlength="64" autocomplete="off" .value=${name ?? ''}
            placeholder=${msg('Left of the door')}></div>
        <button aria-disabled=${this.busy}>${msg('Rename')}</button></div></form>
      <form @submit=${this.#move}><div class="row">
        <div class="field"><label for="place">${msg('Place')}</label>
          <select id="place" name="place">
            ${location_id === null ? html`<option value="" selected>${msg('at no place')}</option>` : nothing}
            ${places}</select></div>
        <button aria-disabled=${this.busy}>${msg('Move it there')}</button></div>
        <p class="help">${msg(
          'At a place of other owners it begins anew: settings, name and numbers of before stay here.',
        )}</p></form>
      <form @submit=${this.#locate}><div class="row">
        ${this.#degrees('latitude', msg('Latitude'), 90, latitude)}
        ${this.#degrees('longitude', msg('Longitude'), 180, longitude)}
        <button aria-disabled=${this.busy}>${msg('Set coordinates')}</button></div>
        <p class="help">${this.#origin()}</p></form>
      ${this.role === 'owner' ? nothing : this.#service()}`;
  }

  #degrees(name: string, label: string, most: number, value: number | null): TemplateResult {
    return html`<div class="field"><label for=${name}>${label}</label>
      <input id=${name} name=${name} type="number" step="any" min=${-most} max=${most} required
        .value=${value === null ? '' : String(value)}></div>`;
  }

  #origin(): string {
    const { place_source } = this.detail;
    if (place_source === 'manual') return msg('Set by hand; a scan does not change them.');
    if (place_source === 'automatic') return msg('Found by a scan of the networks around it.');
    return msg('Not known yet. What is set by hand is never overwritten by a scan.');
  }

  #service(): TemplateResult {
    const { status } = this.detail;
    const others = STATUSES.filter((one) => one !== status);
    const what: Record<AdminStatus, string> = {
      active: msg('Its readings count, and its silence is reported.'),
      maintenance: msg('Its readings are refused until it is in service again.'),
      inactive: msg('Its readings are refused, and nobody waits for it.'),
    };
    return html`<div class="row"><p>${statusWord(status)}.</p>
      ${others.map(
        (one) => html`<jb-confirm label=${statusWord(one)} confirm-label=${statusWord(one)}
          ?busy=${this.busy} @confirm=${() => this.#serve(one)}>${what[one]}</jb-confirm>`,
      )}</div>`;
  }

  readonly #rename = (event: SubmitEvent): void => {
    const { name = '' } = typed(event);
    const wanted = name.trim() || null;
    if (wanted === this.detail.name) return;
    this.#fire({ want: { what: 'sensor_name', name: wanted }, done: msg('Renamed.') });
  };

  readonly #move = (event: SubmitEvent): void => {
    const { place = '' } = typed(event);
    if (!place || place === this.detail.location_id) return;
    this.#fire({ want: { what: 'sensor_place', to: place }, done: msg('Moved.') });
  };

  readonly #locate = (event: SubmitEvent): void => {
    const { latitude, longitude } = typed(event);
    const spot = { latitude: Number(latitude), longitude: Number(longitude) };
    this.#fire({ want: { what: 'sensor_spot', ...spot }, done: msg('Moved.') });
  };

  #serve(status: AdminStatus): void {
    this.#fire({ want: { what: 'sensor_status', status }, done: msg('Done.') });
  }

  #fire(detail: SensorChange): void {
    if (!this.busy) this.dispatchEvent(new CustomEvent('wish', { detail }));
  }
}

customElements.define('jb-sensor-place', SensorPlace);

declare global {
  interface HTMLElementTagNameMap {
    'jb-sensor-place': SensorPlace;
  }
}
