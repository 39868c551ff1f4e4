/**
 * `<jb-chip-card>`: who the chip says it is, and who the backend says it is. Fires `release` with
 * an id that the chip has left. Knows no unit and no backend.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Location, UnitStatus } from '../../../shared/contracts/portal.ts';
import { isolated } from '../../app/isolated.ts';
import type { ChipInfo } from '../../app/unit-state.ts';
import { ago } from '../format.ts';
import { bytes } from '../format-technical.ts';
import { base, buttons } from './styles.ts';
import { factList } from './styles-parts.ts';

export class ChipCard extends LitElement {
  static override styles = [
    base,
    buttons,
    factList,
    css`
      dd {
        text-align: right;
        font-family: var(--mono);
        font-size: 13px;
      }
      p {
        margin-top: 8px;
      }
    `,
  ];
  static override properties = {
    chip: { attribute: false },
    units: { attribute: false },
    locations: { attribute: false },
  };
  declare chip: ChipInfo;
  /** Ids under which it is registered, the latest first; null while nobody has said. */
  declare units: readonly UnitStatus[] | null;
  declare locations: readonly Location[];

  constructor() {
    super();
    this.units = null;
    this.locations = [];
  }

  protected override render(): TemplateResult {
    const { name, revision, mac, flashBytes, target } = this.chip;
    return html`<dl>
      <dt>${msg('Chip')}</dt><dd>${name}</dd>
      <dt>${msg('Revision')}</dt><dd>${revision}</dd>
      <dt><abbr title=${msg('Hardware address of the chip')}>MAC</abbr></dt>
      <dd data-testid="mac">${mac}</dd>
      <dt>${msg('Flash')}</dt><dd>${bytes(flashBytes)}</dd>
      <dt>${msg('Firmware for')}</dt>
      <dd>${target === 'virtual' ? msg('virtual unit') : 'ESP32-S3'}</dd>
    </dl>
    ${this.units ? this.#known(this.units) : nothing}`;
  }

  #known([latest, ...left]: readonly UnitStatus[]): TemplateResult {
    if (!latest)
      return html`<p class="small" data-testid="known">${msg(
        'The server does not know this chip yet.',
      )}</p>`;
    return html`<p class="small" data-testid="known">${msg(html`The server knows this chip as
        <strong class="mono">${latest.device_id}</strong>, ${this.#where(latest)}.`)}</p>
      ${left.map((unit) => this.#left(unit))}`;
  }

  #left(unit: UnitStatus): TemplateResult {
    const id = html`<strong class="mono">${unit.device_id}</strong>`;
    return html`<p class="small left">${msg(html`It was ${id} before, ${this.#where(unit)}.`)}
      <button class="small" @click=${() => this.#release(unit.device_id)}
        >${msg('Free this id')}</button></p>`;
  }

  #where({ location_id, status, last_seen_at }: UnitStatus): string {
    const place = this.locations.find((l) => l.id === location_id)?.name;
    const elsewhere = location_id === null ? msg('not placed') : msg('at another place');
    const where = place ? msg(str`at ${isolated(place)}`) : elsewhere;
    const service = { inactive: msg('out of service'), maintenance: msg('in maintenance') };
    const out = status === 'active' ? [] : [service[status ?? 'inactive']];
    const when = last_seen_at && ago(Date.parse(last_seen_at), Date.now());
    return [where, ...out, when ? msg(str`seen ${when}`) : msg('never seen')].join(', ');
  }

  #release(deviceId: string): void {
    this.dispatchEvent(new CustomEvent('release', { detail: deviceId }));
  }
}

customElements.define('jb-chip-card', ChipCard);

declare global {
  interface HTMLElementTagNameMap {
    'jb-chip-card': ChipCard;
  }
}
