/**
 * `<jb-fleet-form>`: what many sensors shall be set to or told. Only what is ticked is sent; beside
 * it stands what they have now. Fires `wish` with a FleetWish, or null while there is none. Knows
 * no backend.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CommandName } from '../../../shared/contracts/command.ts';
import { CONFIG_DEFAULTS } from '../../../shared/contracts/config.ts';
import type { UnitTuning } from '../../../shared/contracts/fleet-action.ts';
import { type FleetWish, rangeOf } from '../../app/fleet-plan.ts';
import {
  type Draft,
  limitsOf,
  SETTINGS,
  type Setting,
  withSetting,
} from '../../app/sensor-settings.ts';
import { COMMANDS, commandHelp, commandWord } from '../sensor-words.ts';
import { settingLabel, settingStep, settingValue } from '../setting-words.ts';
import type { FleetActionKind } from './fleet-bar.ts';
import { base, fields } from './styles.ts';

export class FleetForm extends LitElement {
  static override styles = [
    base,
    fields,
    css`
      fieldset {
        display: grid;
        gap: 4px;
        border: 0;
        margin: 0;
        padding: 0;
      }
      legend {
        font-weight: 600;
        padding: 0;
        margin-bottom: 8px;
      }
      .one {
        display: grid;
        gap: 4px 16px;
        align-items: center;
        padding: 8px 0;
        border-bottom: 1px solid var(--line);
      }
      .tick {
        display: inline-flex;
        gap: 12px;
        align-items: center;
        min-height: 32px;
      }
      .tick input {
        flex: none;
        width: 20px;
        height: 20px;
      }
      .slide {
        display: grid;
        gap: 4px;
      }
      input[type='range'] {
        width: 100%;
        min-height: 32px;
      }
      .help {
        padding-inline-start: 32px;
      }
      @media (min-width: 760px) {
        .setting {
          grid-template-columns: 1fr 1fr;
        }
      }
    `,
  ];
  static override properties = {
    kind: {},
    known: { attribute: false },
    wish: { attribute: false },
    ticked: { state: true },
    draft: { state: true },
    command: { state: true },
  };
  declare kind: FleetActionKind;
  /** How they are set now. */
  declare known: ReadonlyMap<string, UnitTuning>;
  /** What it begins with; heard only as long as nothing is ticked. */
  declare wish: FleetWish | null;
  declare protected ticked: ReadonlySet<Setting>;
  declare protected draft: Draft;
  declare protected command: CommandName | null;
  #ranges: Partial<Record<Setting, { min: number; max: number } | null>> = {};

  constructor() {
    super();
    this.kind = 'config';
    this.known = new Map();
    this.wish = null;
    this.ticked = new Set();
    this.draft = CONFIG_DEFAULTS;
    this.command = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('known')) this.#meet();
    if (!changed.has('wish') || !this.wish || this.ticked.size > 0 || this.command) return;
    const { config = {}, command = null } = this.wish;
    const names = SETTINGS.filter((name) => config[name] !== undefined);
    for (const name of names) this.draft = { ...this.draft, [name]: config[name] };
    this.ticked = new Set(names);
    this.command = command;
  }

  /** What they have, and where sliders begin. */
  #meet(): void {
    const all = [...this.known.values()];
    for (const name of SETTINGS) this.#ranges[name] = rangeOf(all, name);
    if (this.ticked.size > 0) return;
    // What they have in common is where a slider begins.
    let draft: Draft = CONFIG_DEFAULTS;
    for (const name of SETTINGS) {
      const range = this.#ranges[name];
      if (range && range.min === range.max) draft = withSetting(draft, name, range.min);
    }
    this.draft = draft;
  }

  protected override render(): TemplateResult {
    return this.kind === 'config' ? this.#settings() : this.#commands();
  }

  #settings(): TemplateResult {
    return html`<fieldset><legend>${msg('Which settings? The others stay as each sensor has them.')}</legend>
      ${SETTINGS.map((name) => this.#setting(name))}</fieldset>`;
  }

  #setting(name: Setting): TemplateResult {
    const isOn = this.ticked.has(name);
    const { min, max } = limitsOf(name);
    const value = settingValue(name, this.draft[name]);
    return html`<div class="one setting">
      <div><label class="tick"><input type="checkbox" name=${name} .checked=${isOn}
        @change=${this.#tick}>${settingLabel(name)}</label>
        <p class="help">${this.#now(name)}</p></div>
      ${
        isOn
          ? html`<div class="slide"><output>${value}</output>
            <input type="range" name=${name} min=${min} max=${max} step=${settingStep(name)}
              aria-label=${settingLabel(name)} aria-valuetext=${value}
              .value=${String(this.draft[name])} @input=${this.#slid}></div>`
          : nothing
      }</div>`;
  }

  #now(name: Setting): string {
    const range = this.#ranges[name];
    if (!range) return '';
    const [from, to] = [settingValue(name, range.min), settingValue(name, range.max)];
    return range.min === range.max
      ? msg(str`now ${from}`)
      : msg(str`now between ${from} and ${to}`);
  }

  #commands(): TemplateResult {
    return html`<fieldset><legend>${msg('What shall they do?')}</legend>${COMMANDS.map(
      (command) => html`<div class="one"><label class="tick"><input type="radio" name="command"
        value=${command} aria-describedby="${command}-help" .checked=${command === this.command}
        @change=${this.#chose}>${commandWord(command)}</label>
        <p class="help" id="${command}-help">${commandHelp(command)}</p></div>`,
    )}</fieldset>`;
  }

  readonly #tick = (event: Event): void => {
    const { name, checked } = event.target as HTMLInputElement;
    const ticked = new Set(this.ticked);
    if (checked) ticked.add(name as Setting);
    else ticked.delete(name as Setting);
    this.ticked = ticked;
    this.#fire();
  };

  readonly #slid = (event: Event): void => {
    const { name, value } = event.target as HTMLInputElement;
    this.draft = withSetting(this.draft, name as Setting, Number(value));
    this.#fire();
  };

  readonly #chose = (event: Event): void => {
    this.command = (event.target as HTMLInputElement).value as CommandName;
    this.#fire();
  };

  #fire(): void {
    this.dispatchEvent(new CustomEvent<FleetWish | null>('wish', { detail: this.#wish() }));
  }

  #wish(): FleetWish | null {
    if (this.kind === 'command') return this.command && { command: this.command };
    const names = SETTINGS.filter((name) => this.ticked.has(name));
    if (names.length === 0) return null;
    return { config: Object.fromEntries(names.map((name) => [name, this.draft[name]])) };
  }
}

customElements.define('jb-fleet-form', FleetForm);

declare global {
  interface HTMLElementTagNameMap {
    'jb-fleet-form': FleetForm;
  }
}
