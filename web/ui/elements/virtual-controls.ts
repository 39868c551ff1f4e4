/**
 * `<jb-virtual-controls>`: what fingers, cable and sky would do to a real unit. Calls the virtual
 * unit it is given; remembers the settings, since the unit does not tell them back.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { VirtualFault, VirtualUnit } from '../../app/ports.ts';
import { base, buttons, fields } from './styles.ts';

const SPEEDS = [1, 10, 60, 300, 1000] as const;
/** A short press of the top button: send now. The product's long press is 3 s. */
const SHORT_PRESS_MS = 200;
const RESET_PRESS_MS = 100;

export class VirtualControls extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      details {
        border-top: 1px solid var(--line);
        padding-top: 12px;
      }
      summary {
        cursor: pointer;
        font-weight: 600;
      }
      .controls {
        display: grid;
        gap: 16px;
        padding-top: 12px;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      select {
        min-height: 36px;
        padding: 4px 8px;
        font-size: var(--size-14);
      }
      output {
        color: var(--muted);
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }
      input[type='range'] {
        width: 100%;
        margin: 0;
        min-height: 24px;
      }
    `,
  ];
  static override properties = {
    unit: { attribute: false },
    speed: { type: Number },
    plugged: { type: Boolean },
    csq: { state: true },
  };
  declare unit: VirtualUnit;
  declare speed: number;
  declare plugged: boolean;
  declare protected csq: number;

  constructor() {
    super();
    this.speed = 1;
    this.plugged = true;
    this.csq = 20;
  }

  protected override render(): TemplateResult {
    return html`<details>
      <summary>${msg('Virtual unit')}</summary>
      <div class="controls">
        <div class="buttons">
          <button class="small" @click=${this.#cable}
            >${this.plugged ? msg('Pull the cable') : msg('Plug it in')}</button>
          <button class="small" ?disabled=${!this.plugged}
            @click=${() => this.unit.press('top', SHORT_PRESS_MS)}>${msg('Press button')}</button>
          <button class="small" ?disabled=${!this.plugged}
            @click=${() => this.unit.press('reset', RESET_PRESS_MS)}>${msg('Reset')}</button>
        </div>
        <div class="field">
          <label for="speed">${msg('Time runs')}</label>
          <select id="speed" @change=${this.#speed}>${speedsWith(this.speed).map(
            (s) => html`<option value=${s} ?selected=${s === this.speed}
              >${s === 1 ? msg('as on the wall') : msg(str`${s} times as fast`)}</option>`,
          )}</select>
          ${
            this.speed === 1
              ? nothing
              : html`<p class="help">${msg(
                  'The unit’s clock runs ahead of the world now. The server refuses readings more than ten minutes early.',
                )}</p>`
          }
        </div>
        <div class="field">
          <label for="csq">${msg('Signal')} <output>${signalText(this.csq)}</output></label>
          <input id="csq" type="range" min="0" max="31" .value=${String(this.csq)}
            @input=${this.#signal}>
        </div>
        ${this.#choice('sim', msg('SIM'), [
          ['ready', msg('ready')],
          ['missing', msg('missing')],
          ['pin', msg('locked by a PIN')],
        ])}
        ${this.#choice('registration', msg('Network'), [
          ['roaming', msg('registers, roaming')],
          ['home', msg('registers at home')],
          ['searching', msg('keeps searching')],
          ['denied', msg('refuses the SIM')],
        ])}
        ${this.#modemPower()}
        ${this.#choice('brokenRadio', msg('Receivers'), [
          ['none', msg('both listen')],
          ['wifi', msg('Wi-Fi is broken')],
          ['ble', msg('Bluetooth is broken')],
          ['both', msg('both are broken')],
        ])}
        ${this.#failStep()}
      </div>
    </details>`;
  }

  #choice(
    name: 'sim' | 'registration' | 'brokenRadio',
    label: string,
    options: readonly (readonly [string, string])[],
  ): TemplateResult {
    const change = (e: Event) => this.#fault({ [name]: (e.target as HTMLSelectElement).value });
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <select id=${name} @change=${change}>
        ${options.map(([value, words]) => html`<option value=${value}>${words}</option>`)}
      </select>
    </div>`;
  }

  #modemPower(): TemplateResult {
    const change = (e: Event) =>
      this.#fault({ modemPowered: (e.target as HTMLSelectElement).value === 'on' });
    return html`<div class="field">
      <label for="modem">${msg('Modem')}</label>
      <select id="modem" @change=${change}>
        <option value="on">${msg('has power')}</option>
        <option value="off">${msg('has no power')}</option>
      </select>
    </div>`;
  }

  #failStep(): TemplateResult {
    const change = (e: Event) => {
      const step = Number((e.target as HTMLSelectElement).value);
      this.#fault({ failStep: step === 0 ? null : step });
    };
    return html`<div class="field">
      <label for="fail">${msg('Bring-up fails at')}</label>
      <select id="fail" @change=${change}>
        <option value="0">${msg('no step')}</option>
        ${Array.from({ length: 12 }, (_, i) => html`<option value=${i + 1}>${msg(str`step ${i + 1}`)}</option>`)}
      </select>
    </div>`;
  }

  #fault(fault: VirtualFault): void {
    this.unit.setFault(fault);
  }

  readonly #signal = (event: Event) => {
    this.csq = Number((event.target as HTMLInputElement).value);
    this.#fault({ csq: this.csq === 0 ? 99 : this.csq });
  };

  readonly #speed = (event: Event) => {
    this.speed = Number((event.target as HTMLSelectElement).value);
    this.unit.setSpeed(this.speed);
  };

  readonly #cable = () => {
    this.plugged = !this.plugged;
    this.unit.setPlugged(this.plugged);
    this.dispatchEvent(new CustomEvent('plugged', { detail: this.plugged }));
  };
}

/** The usual speeds, and the one that the unit was started with. */
function speedsWith(speed: number): number[] {
  return [...new Set([...SPEEDS, speed])].sort((a, b) => a - b);
}

/** CSQ 0 … 31 is −113 … −51 dBm in steps of 2 (3GPP TS 27.007, +CSQ). */
function signalText(csq: number): string {
  return csq === 0 ? msg('none') : msg(str`${csq} of 31, ${-113 + 2 * csq} dBm`);
}

customElements.define('jb-virtual-controls', VirtualControls);

declare global {
  interface HTMLElementTagNameMap {
    'jb-virtual-controls': VirtualControls;
  }
}
