/**
 * `<jb-activate-page>`: what a label's QR code opens: how the unit is, for everybody, and what who
 * is signed in may do about it. Knows no request.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { readDeviceId } from '../../../shared/device-id.ts';
import type { Activation } from '../../app/activation.ts';
import type { ServerClock } from '../../app/server-clock.ts';
import type { Session } from '../../app/session.ts';
import '../elements/claim.ts';
import '../elements/public-state.ts';
import { base } from '../elements/styles.ts';

/** Longer is no id, and nobody reads it. */
const SHOWN_MAX = 60;

export class ActivatePage extends LitElement {
  static override styles = [
    base,
    css`
      .page {
        display: grid;
        gap: 32px;
        max-width: 30rem;
        margin: 0 auto;
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override properties = {
    activation: { attribute: false },
    session: { attribute: false },
    clock: { attribute: false },
    unit: {},
  };
  declare activation: Activation;
  declare session: Session;
  declare clock: ServerClock;
  /** As it stands in the address: anything. */
  declare unit: string;

  constructor() {
    super();
    this.unit = '';
  }

  protected override render(): TemplateResult {
    const id = readDeviceId(this.unit);
    if (!id) return this.#noUnit();
    const { activation, session, clock } = this;
    return html`<div class="page">
      <div>
        <h1 tabindex="-1">${id}</h1>
        <p class="muted">${msg('A JamBox counts how many people pass, without a camera.')}</p>
      </div>
      <jb-public-state .portal=${activation.portal} .clock=${clock} .unit=${id}></jb-public-state>
      <jb-claim .activation=${activation} .session=${session} .unit=${id}></jb-claim>
    </div>`;
  }

  #noUnit(): TemplateResult {
    const shown = this.unit.length > SHOWN_MAX ? `${this.unit.slice(0, SHOWN_MAX)}…` : this.unit;
    return html`<div class="page">
      <h1 tabindex="-1">${msg('That is no unit’s id.')}</h1>
      <p>${msg('The address says:')} <span class="mono">${shown}</span></p>
      <p>${msg('An id is on the label, like JBNB0042. Scan the QR code again, or type it in.')}</p>
    </div>`;
  }
}

customElements.define('jb-activate-page', ActivatePage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-activate-page': ActivatePage;
  }
}
