/**
 * `<jb-fleet-bar>`: how many sensors of the list are chosen, all of them at once, and what to do
 * with them. Fires `all` (whether), `act` (`config` or `command`) and `leave`. Knows no sensor.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { OnlineController } from '../controllers/online.ts';
import { figure, plural } from '../format.ts';
import { base, buttons, fields } from './styles.ts';

/** What is done with the chosen ones. */
export type FleetActionKind = 'config' | 'command';

export class FleetBar extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: center;
        padding: 12px 16px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--accent-soft);
      }
      label {
        display: inline-flex;
        gap: 8px;
        align-items: center;
        min-height: 36px;
      }
      input {
        width: 20px;
        height: 20px;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-inline-start: auto;
      }
    `,
  ];
  static override properties = {
    found: { type: Number },
    chosen: { type: Number },
    unseen: { type: Number },
  };
  /** What the filter shows. */
  declare found: number;
  declare chosen: number;
  /** Of the chosen ones, those that the filter does not show. */
  declare unseen: number;
  readonly #online = new OnlineController(this);

  constructor() {
    super();
    this.found = 0;
    this.chosen = 0;
    this.unseen = 0;
  }

  protected override render(): TemplateResult {
    const { found, chosen, unseen } = this;
    const seen = chosen - unseen;
    const { online } = this.#online;
    const isIdle = chosen === 0 || !online;
    const all = msg(str`All ${figure(found)} that are shown`);
    return html`<div class="bar" role="group" aria-label=${msg('Change several')}>
      <label><input type="checkbox" .checked=${found > 0 && seen === found}
        .indeterminate=${seen > 0 && seen < found} @change=${this.#all}>${all}</label>
      <p class="small" role="status">${chosenWords(chosen, unseen)}</p>
      <div class="actions">
        <button class="small primary" aria-disabled=${isIdle} aria-describedby="why"
          @click=${() => this.#act('config')}>${msg('Settings …')}</button>
        <button class="small primary" aria-disabled=${isIdle} aria-describedby="why"
          @click=${() => this.#act('command')}>${msg('An order …')}</button>
        <button class="small" @click=${this.#leave}>${msg('Cancel')}</button>
      </div>
      <p class="small muted" id="why">${online ? nothing : needsNetwork()}</p>
    </div>`;
  }

  readonly #all = (event: Event): void => {
    const detail = (event.target as HTMLInputElement).checked;
    this.dispatchEvent(new CustomEvent('all', { detail }));
  };

  #act(detail: FleetActionKind): void {
    if (this.chosen === 0 || !this.#online.online) return;
    this.dispatchEvent(new CustomEvent('act', { detail }));
  }

  readonly #leave = (): void => void this.dispatchEvent(new CustomEvent('leave'));
}

/** Why nothing is sent without one. */
export const needsNetwork = (): string =>
  msg('Changing several sensors at once needs the network.');

function chosenWords(chosen: number, unseen: number): string {
  if (chosen === 0) return msg('No sensor is chosen yet.');
  const [many, hidden] = [figure(chosen), figure(unseen)];
  const words = plural(chosen, {
    one: msg('1 sensor is chosen.'),
    other: msg(str`${many} sensors are chosen.`),
  });
  return unseen === 0 ? words : `${words} ${msg(str`Not shown of these: ${hidden}.`)}`;
}

customElements.define('jb-fleet-bar', FleetBar);

declare global {
  interface HTMLElementTagNameMap {
    'jb-fleet-bar': FleetBar;
  }
}
