/**
 * `<jb-sensor-settings>`: a sensor's zones, stays and intervals, drawn while they are slid, beside
 * how far the sensor is with them. Fires `save` with the change and the version it was made from;
 * where somebody else was faster, `again` or `leave`. Knows no backend.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ConfigChange, VersionedConfig } from '../../../shared/contracts/config.ts';
import type { UnitDetail } from '../../../shared/contracts/fleet.ts';
import {
  changeOf,
  type Draft,
  draftOf,
  limitsOf,
  SETTINGS,
  type Setting,
  twinState,
  withSetting,
} from '../../app/sensor-settings.ts';
import { ago, figure } from '../format.ts';
import {
  MINUTE_MS,
  STAYS,
  settingLabel,
  settingValue,
  stayLabel,
  ZONES,
  zoneLabel,
} from '../setting-words.ts';
import { base, buttons, fields } from './styles.ts';
import { factList } from './styles-parts.ts';

/** What `save` carries. */
export interface SettingsSave {
  change: ConfigChange;
  version: number;
}

/** What somebody wanted, while somebody else set something else. */
export interface SettingsClash {
  mine: ConfigChange;
  theirs: VersionedConfig;
}

/** Ends of the drawing of zones, dBm: from beside the sensor to as far as one hears. */
const NEAREST_DBM = -30;
const FARTHEST_DBM = -100;
/** End of the drawing of stays, minutes. */
const LONGEST_MIN = 35;

export class SensorSettings extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    factList,
    css`
      form,
      fieldset {
        display: grid;
        gap: 16px;
      }
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
      }
      legend {
        font-weight: 600;
        padding: 0;
        margin-bottom: 8px;
      }
      .drawing {
        display: flex;
        height: 28px;
        border-radius: var(--radius-small);
        overflow: hidden;
      }
      .drawing span {
        min-width: 2px;
        transition: flex-grow var(--quick);
      }
      .ends {
        display: flex;
        justify-content: space-between;
        margin-top: 4px;
      }
      .slides {
        display: grid;
        gap: 12px 24px;
      }
      .slide label {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 12px;
      }
      .slide output {
        font-weight: 400;
      }
      .key {
        display: inline-block;
        width: 12px;
        height: 12px;
        border-radius: 3px;
        margin-inline-end: 8px;
        vertical-align: -1px;
      }
      input[type='range'] {
        width: 100%;
        min-height: 32px;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .conflict {
        display: grid;
        gap: 8px;
        padding: 12px 16px;
        border-radius: var(--radius-small);
        background: var(--warn-soft);
      }
      table {
        border-collapse: collapse;
        font-size: var(--size-14);
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        text-align: start;
        padding: 4px 16px 4px 0;
        font-weight: 400;
      }
      @media (min-width: 760px) {
        .slides {
          grid-template-columns: repeat(3, 1fr);
        }
      }
    `,
  ];
  static override properties = {
    detail: { attribute: false },
    config: { attribute: false },
    now: { type: Number },
    busy: { type: Boolean },
    stored: { attribute: false },
    clash: { attribute: false },
    fixed: { type: Boolean },
    draft: { state: true },
  };
  declare detail: UnitDetail;
  /** With what waits to be sent. */
  declare config: VersionedConfig;
  /** Without it. */
  declare stored: VersionedConfig;
  /** Unix milliseconds by the backend's clock. */
  declare now: number;
  declare busy: boolean;
  declare clash: SettingsClash | null;
  /** Whoever looks may not change them. */
  declare fixed: boolean;
  declare protected draft: Draft | null;
  /** Version that the draft was made from. */
  #from = 0;

  constructor() {
    super();
    this.now = 0;
    this.busy = false;
    this.clash = null;
    this.fixed = false;
    this.draft = null;
  }

  /** Whether something was slid that is not saved. */
  get isDirty(): boolean {
    return this.draft !== null && Object.keys(changeOf(this.draft, this.config)).length > 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.config || !(changed.has('config') || changed.has('detail'))) return;
    const before = changed.get('detail') as UnitDetail | undefined;
    const isOther = before !== undefined && before.device_id !== this.detail.device_id;
    // What somebody slides is not taken from his hand by a refresh.
    if (this.isDirty && !isOther && this.#wasDirty(changed)) return;
    this.draft = draftOf(this.config);
    this.#from = this.config.config_version;
  }

  #wasDirty(changed: PropertyValues<this>): boolean {
    const before = (changed.get('config') as VersionedConfig | undefined) ?? this.config;
    return this.draft !== null && Object.keys(changeOf(this.draft, before)).length > 0;
  }

  protected override render(): TemplateResult {
    const { draft } = this;
    if (!draft) return html``;
    return html`<form @submit=${this.#save}>
      ${this.#twin()}${this.clash ? this.#conflicting(this.clash) : nothing}
      <fieldset>
        <legend>${msg('Where are they? By how strongly the sensor hears a phone')}</legend>
        ${this.#zones(draft)}
        <div class="slides">${ZONES.map((name, i) =>
          this.#slide(name, draft, {
            label: zoneLabel(i),
            value: settingValue(name, draft[name]),
            colour: `--zone-${i + 1}`,
          }),
        )}</div>
      </fieldset>
      <fieldset>
        <legend>${msg('How long do they stay?')}</legend>
        ${this.#stays(draft)}
        <div class="slides">${STAYS.map((name, i) =>
          this.#slide(name, draft, {
            label: stayLabel(i),
            value: settingValue(name, draft[name]),
            colour: `--stay-${i + 1}`,
          }),
        )}</div>
      </fieldset>
      <fieldset>
        <legend>${msg('How often does it report?')}</legend>
        <div class="slides">
          ${this.#slide('report_interval_ms', draft, {
            label: msg('Readings'),
            value: settingValue('report_interval_ms', draft.report_interval_ms),
            step: MINUTE_MS,
          })}
          ${this.#slide('heartbeat_interval_ms', draft, {
            label: msg('Sign of life'),
            value: settingValue('heartbeat_interval_ms', draft.heartbeat_interval_ms),
            step: 60 * MINUTE_MS,
          })}
        </div>
        <p class="help">${msg(
          'Rarer readings cost less data and battery, and numbers come later.',
        )}</p>
      </fieldset>
      ${this.#actions()}
    </form>`;
  }

  /** Wanted, fetched, in use: each with its moment. */
  #twin(): TemplateResult {
    const { twin, config_version } = this.detail;
    const { wanted_since, fetched, reported, note } = twin;
    const moment = (iso: string) => ago(Date.parse(iso), this.now);
    const version = (n: number) => (n === 0 ? msg('defaults') : msg(str`version ${figure(n)}`));
    const since = (n: number, iso: string | null) =>
      iso === null ? version(n) : `${version(n)}, ${moment(iso)}`;
    const unknown = msg('not known');
    const words = {
      in_use: msg('The sensor uses these settings.'),
      fetched: msg('The sensor has fetched these settings.'),
      initial: msg('These are the settings that every sensor starts with.'),
      untold: msg('The sensor fetches these settings when it next reports.'),
    }[twinState(this.detail, this.stored)];
    return html`<p role="status">${words}</p>
      <dl>
        <dt>${msg('Wanted')}</dt><dd>${since(config_version, wanted_since)}</dd>
        <dt>${msg('Fetched')}</dt>
        <dd>${fetched ? since(fetched.version, fetched.at) : unknown}</dd>
        <dt>${msg('In use')}</dt>
        <dd>${reported ? since(reported.version, reported.since) : unknown}</dd>
        ${
          note
            ? html`<dt>${msg('The sensor says')}</dt>
              <dd><bdi class="mono">${note.text}</bdi>, ${moment(note.at)}</dd>`
            : nothing
        }
      </dl>`;
  }

  #conflicting({ mine, theirs }: SettingsClash): TemplateResult {
    const names = SETTINGS.filter((name) => mine[name] !== undefined);
    const row = (name: Setting) => html`<tr><th scope="row">${settingLabel(name)}</th>
      <td>${settingValue(name, theirs[name])}</td>
      <td>${settingValue(name, mine[name] ?? theirs[name])}</td></tr>`;
    return html`<div class="conflict" role="alert">
      <p><strong>${msg('Somebody changed these settings meanwhile.')}</strong>
        ${msg('Nothing of yours was saved.')}</p>
      <table><thead><tr><td></td><th scope="col">${msg('Set now')}</th>
        <th scope="col">${msg('Yours')}</th></tr></thead><tbody>${names.map(row)}</tbody></table>
      <div class="actions">
        <button type="button" class="small primary" @click=${() => this.#decide('again')}
          >${msg('Set mine')}</button>
        <button type="button" class="small" @click=${() => this.#decide('leave')}
          >${msg('Leave them as they are')}</button>
      </div>
    </div>`;
  }

  #zones(draft: Draft): TemplateResult {
    const [a, b, c] = ZONES.map((name) => draft[name]) as [number, number, number];
    const parts = [NEAREST_DBM - a, a - b, b - c, c - FARTHEST_DBM];
    return html`<div>
      ${drawing(parts, 'zone')}
      <div class="ends small muted"><span>${msg('beside the sensor')}</span>
        <span>${msg('far away')}</span></div>
    </div>`;
  }

  #stays(draft: Draft): TemplateResult {
    const [a, b, c] = STAYS.map((name) => draft[name]) as [number, number, number];
    return html`<div>
      ${drawing([a, b - a, c - b, LONGEST_MIN - c], 'stay')}
      <div class="ends small muted"><span>${msg('passing by')}</span>
        <span>${msg('staying long')}</span></div>
    </div>`;
  }

  #slide(
    name: Setting,
    draft: Draft,
    { label, value, colour, step = 1 }: SlideOptions,
  ): TemplateResult {
    const { min, max } = limitsOf(name);
    return html`<div class="slide">
      <label for=${name}><span>${
        colour ? html`<span class="key" .style=${`background: var(${colour})`}></span>` : nothing
      }${label}</span><output>${value}</output></label>
      <input id=${name} type="range" min=${min} max=${max} step=${step}
        .value=${String(draft[name])} ?disabled=${this.fixed}
        aria-label=${label} aria-valuetext=${value} @input=${this.#slid}>
    </div>`;
  }

  #actions(): TemplateResult | typeof nothing {
    if (!this.isDirty || this.clash) return nothing;
    return html`<div class="actions">
      <button class="primary" aria-disabled=${this.busy}>${msg('Save settings')}</button>
      <button type="button" @click=${this.#putBack}>${msg('Put back')}</button>
    </div>`;
  }

  readonly #slid = (event: Event): void => {
    const { id, value } = event.target as HTMLInputElement;
    if (this.draft) this.draft = withSetting(this.draft, id as Setting, Number(value));
  };

  readonly #save = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.busy || !this.draft) return;
    const change = changeOf(this.draft, this.config);
    const detail: SettingsSave = { change, version: this.#from };
    this.dispatchEvent(new CustomEvent('save', { detail }));
  };

  readonly #putBack = (): void => {
    this.draft = draftOf(this.config);
    this.#from = this.config.config_version;
  };

  #decide(how: 'again' | 'leave'): void {
    if (!this.busy) this.dispatchEvent(new CustomEvent(how));
  }
}

interface SlideOptions {
  label: string;
  value: string;
  colour?: string;
  step?: number;
}

function drawing(parts: readonly number[], scale: 'zone' | 'stay'): TemplateResult {
  return html`<div class="drawing" aria-hidden="true">${parts.map(
    (part, i) =>
      html`<span .style=${`flex: ${Math.max(0, part)} 0 0; background: var(--${scale}-${i + 1})`}></span>`,
  )}</div>`;
}

customElements.define('jb-sensor-settings', SensorSettings);

declare global {
  interface HTMLElementTagNameMap {
    'jb-sensor-settings': SensorSettings;
  }
}
