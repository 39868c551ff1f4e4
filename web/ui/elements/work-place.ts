/**
 * `<jb-work-place>`: where work is to be done, and which units stand there; asked for when it is
 * opened. Knows the backend only as web/app/administration.ts.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import type { LocationDetail } from '../../../shared/contracts/location.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { OwnWork } from '../../app/administration.ts';
import { stateWord } from '../sensor-words.ts';
import { rows } from './admin-nav.ts';
import { attempt } from './form.ts';
import { base } from './styles.ts';

export class WorkPlace extends LitElement {
  static override styles = [
    base,
    css`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      p,
      li {
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override properties = {
    work: { attribute: false },
    locationId: { attribute: false },
    detail: { state: true },
    units: { state: true },
    busy: { state: true },
    error: { state: true },
  };
  declare work: OwnWork;
  declare locationId: string;
  declare protected detail: LocationDetail | null;
  declare protected units: readonly FleetUnit[] | null;
  declare busy: boolean;
  declare error: AppError | null;

  constructor() {
    super();
    this.detail = null;
    this.units = null;
    this.busy = false;
    this.error = null;
  }

  protected override render(): TemplateResult {
    return html`<details @toggle=${this.#toggled}>
      <summary class="small">${msg('Where it is, and which units are there')}</summary>
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      ${this.busy ? html`<p class="small muted">${msg('Fetching …')}</p>` : nothing}
      ${this.detail ? address(this.detail) : nothing}
      ${this.units ? standing(this.units) : nothing}
    </details>`;
  }

  readonly #toggled = (event: Event): void => {
    if (!(event.target as HTMLDetailsElement).open || this.busy || this.units) return;
    void attempt(this, async () => {
      const asked = [this.work.place(this.locationId), this.work.unitsAt(this.locationId)] as const;
      [this.detail, this.units] = await Promise.all(asked);
    });
  };
}

function address({ name, address, latitude, longitude }: LocationDetail): TemplateResult {
  const at = latitude === null || longitude === null ? '' : `${latitude}, ${longitude}`;
  const known = [address, at].filter(Boolean).join(' · ');
  return html`<p class="small">${name}${known ? html`, ${known}` : nothing}</p>
    ${known ? nothing : html`<p class="small muted">${msg('Its address is not known here: ask an administrator.')}</p>`}`;
}

function standing(units: readonly FleetUnit[]): TemplateResult {
  if (units.length === 0)
    return html`<p class="small muted">${msg('No unit stands there yet.')}</p>`;
  return rows(
    units,
    ({ device_id }) => device_id,
    ({ device_id, name, state }) => html`<li class="small">
      <a class="mono" href="/locations/${device_id}">${device_id}</a> ${name ?? nothing}
      <span class="muted">${stateWord(state)}</span></li>`,
  );
}

customElements.define('jb-work-place', WorkPlace);

declare global {
  interface HTMLElementTagNameMap {
    'jb-work-place': WorkPlace;
  }
}
