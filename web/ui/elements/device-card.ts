/**
 * `<jb-device-card>`: what JamBench is on this device: an app or how it becomes one, alerts and how
 * they are told, what the browser keeps and whether it has promised to. Knows no adapter.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { AlertWatch } from '../../app/alert-watch.ts';
import { ObservableController } from '../controllers/observable.ts';
import { bytes } from '../format-technical.ts';
import type { Install } from '../install.ts';
import { alertWords } from '../notifier.ts';
import { installWords } from './note-words.ts';
import { base, buttons } from './styles.ts';

/** What the browser keeps: bytes, and whether it has promised to; null where it does not say. */
export interface KeepingSeen {
  used: number | null;
  room: number | null;
  isPromised: boolean | null;
}

export interface DeviceParts {
  install: Install;
  alerts: AlertWatch;
  keeping: () => Promise<KeepingSeen>;
  /** Asks the browser to keep it. */
  promise: () => Promise<boolean>;
}

export class DeviceCard extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      section,
      section > div {
        display: grid;
        gap: 12px;
      }
      section {
        border-top: 1px solid var(--line);
        padding: 16px 0;
      }
      ul {
        display: grid;
        gap: 12px;
        list-style: none;
      }
      li {
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override properties = {
    parts: { attribute: false },
    kept: { state: true },
    isRefused: { state: true },
  };
  declare parts: DeviceParts;
  declare protected kept: KeepingSeen | null;
  /** The browser was asked to keep it, and did not promise. */
  declare protected isRefused: boolean;

  constructor() {
    super();
    this.kept = null;
    this.isRefused = false;
    new ObservableController(this, () => this.parts?.install.way);
    new ObservableController(this, () => this.parts?.alerts.state);
  }

  protected override firstUpdated(): void {
    void this.parts.alerts.look();
    void this.#look();
  }

  async #look(): Promise<void> {
    this.kept = await this.parts.keeping();
  }

  protected override render(): TemplateResult {
    return html`<section aria-labelledby="alerts">
        <h2 id="alerts">${msg('Alerts')}</h2>
        ${this.#open()}${this.#telling()}
      </section>
      <section aria-labelledby="app">
        <h2 id="app">${msg('As an app')}</h2>
        ${this.#app()}
      </section>
      <section aria-labelledby="kept">
        <h2 id="kept">${msg('Kept on this device')}</h2>
        <div role="status">${this.#keeping()}</div>
      </section>`;
  }

  #open(): TemplateResult {
    const { open } = this.parts.alerts.state.value;
    if (open === null) return html`<p class="small muted">${msg('Not known right now.')}</p>`;
    if (open.length === 0) return html`<p>${msg('No alert is open.')}</p>`;
    return html`<ul>${open.map((alert) => {
      const { title, body } = alertWords(alert);
      return html`<li><strong>${title}</strong><br>${body}</li>`;
    })}</ul>`;
  }

  #telling(): TemplateResult {
    const { isOn, permission } = this.parts.alerts.state.value;
    const when = msg(
      'JamBench tells you as long as it is open here, in the background as well, and your device does not put it to sleep. When it is closed, nothing comes: look in now and then, or switch on the mail on Monday mornings in My store.',
    );
    if (isOn) {
      return html`<p>${msg('New alerts are shown on this device.')}</p>
        <p class="small muted">${when}</p>
        <p><button @click=${() => this.parts.alerts.turnOff()}
          >${msg('Do not show them any more')}</button></p>`;
    }
    if (permission === 'denied') {
      return html`<p class="small">${msg(
        'This browser does not let JamBench show notifications. Allow them in its settings for this address, then come back here.',
      )}</p>`;
    }
    if (permission === 'no') {
      return html`<p class="small">${
        this.parts.install.way.value === 'ios'
          ? msg('On an iPhone or iPad, new alerts can be shown once JamBench is an app: see below.')
          : msg('This browser cannot show notifications here. Alerts stand on this page.')
      }</p>`;
    }
    return html`<p><button @click=${() => void this.parts.alerts.turnOn()}
        >${msg('Show new alerts on this device')}</button></p>
      <p class="small muted">${when}</p>`;
  }

  #app(): TemplateResult {
    const { install } = this.parts;
    const way = install.way.value;
    return html`<p>${installWords(way)}</p>${
      way === 'prompt'
        ? html`<p><button @click=${() => void install.ask()}>${msg('Install JamBench')}</button></p>`
        : nothing
    }`;
  }

  #keeping(): TemplateResult | typeof nothing {
    const { kept } = this;
    if (!kept) return nothing;
    const { used, room, isPromised } = kept;
    const [has, may] = [bytes(used ?? 0), bytes(room ?? 0)];
    const size = msg(str`Your numbers and the page itself, for days without a network: ${has}.`);
    const sentence = used === null ? '' : size;
    const full = used !== null && room !== null && used > room * 0.9;
    return html`<p>${sentence} ${this.#promise(isPromised)}</p>
      ${full ? html`<p>${msg(str`That is nearly all this browser allows, ${may}.`)}</p>` : nothing}
      ${
        isPromised === false && !this.isRefused
          ? html`<p><button @click=${this.#ask}>${msg('Ask the browser to keep it')}</button></p>`
          : nothing
      }`;
  }

  #promise(isPromised: boolean | null): string {
    if (isPromised === null) return msg('This browser does not say how long it keeps it.');
    if (isPromised) return msg('This browser has promised to keep it.');
    if (this.isRefused) {
      return msg(
        'This browser did not promise to keep it. It often does once JamBench is an app or a bookmark.',
      );
    }
    return msg('This browser may remove it when the device runs out of space.');
  }

  readonly #ask = async (): Promise<void> => {
    this.isRefused = !(await this.parts.promise());
    await this.#look();
  };
}

customElements.define('jb-device-card', DeviceCard);

declare global {
  interface HTMLElementTagNameMap {
    'jb-device-card': DeviceCard;
  }
}
