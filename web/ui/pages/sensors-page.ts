/**
 * `<jb-sensors-page>`: the sensors that somebody looks after, those that need somebody first;
 * searched and filtered as one types. Knows the fleet only through web/app/fleet.ts.
 */

import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import { type FleetStateFilter, filterFleet, isPlaced } from '../../app/fleet-filter.ts';
import { ObservableController } from '../controllers/observable.ts';
import type { SensorsParts } from '../controllers/sensors.ts';
import '../elements/notice.ts';
import { base, buttons, fields } from '../elements/styles.ts';
import { ago, figure, plural } from '../format.ts';
import { Choosing, type FleetActionKind, unfinished } from './sensors-choosing.ts';
import { filterChips } from './sensors-filters.ts';
import { sensorList } from './sensors-row.ts';
import { sensorsStyles } from './sensors-styles.ts';

export class SensorsPage extends LitElement {
  static override styles = [base, buttons, fields, sensorsStyles];
  static override properties = {
    parts: { attribute: false },
    text: { state: true },
    only: { state: true },
    isMap: { state: true },
    tiles: { state: true },
    noMap: { state: true },
    noActions: { state: true },
    acting: { state: true },
  };
  declare parts: SensorsParts;
  declare protected text: string;
  declare protected only: FleetStateFilter;
  /** Whether they are shown on the map, and not as a list. */
  declare protected isMap: boolean;
  /** Its code could not be fetched. */
  declare protected noMap: boolean;
  /** The code for several at once could not be fetched. */
  declare protected noActions: boolean;
  /** What is done with which of them; null: nothing, the list is shown. */
  declare protected acting: { kind: FleetActionKind; units: readonly FleetUnit[] } | null;
  readonly #choosing = new Choosing(this);
  declare protected tiles: Awaited<ReturnType<SensorsParts['tiles']>>;

  constructor() {
    super();
    this.text = '';
    this.only = 'all';
    this.isMap = false;
    this.tiles = null;
    this.noMap = false;
    this.noActions = false;
    this.acting = null;
    new ObservableController(this, () => this.parts?.actions.state);
    new ObservableController(this, () => this.parts?.fleet.state);
    new ObservableController(this, () => this.parts?.session.state);
  }

  protected override firstUpdated(): void {
    void this.parts.fleet.load();
    void this.parts.actions.restore();
  }

  protected override render(): TemplateResult {
    const { user } = this.parts.session.state.value;
    return html`<div class="page">
      <div class="head"><h1 tabindex="-1">${msg('My locations')}</h1>${this.#asOf()}</div>
      ${user ? this.#fleet() : this.#signIn()}
    </div>`;
  }

  #signIn(): TemplateResult {
    return html`<p>${msg(
      html`<a href="/sign-in?next=/locations">Sign in</a> to see your sensors.`,
    )}</p>`;
  }

  #asOf(): TemplateResult | typeof nothing {
    const { asOf, loading, units } = this.parts.fleet.state.value;
    const now = this.#now();
    const known = asOf === null ? '' : msg(str`as of ${ago(asOf, now)}`);
    const words = loading && units.length > 0 ? msg(str`${figure(units.length)} so far …`) : known;
    if (!words && !loading) return nothing;
    return html`<p class="small muted">${loading && units.length === 0 ? msg('Loading …') : words}
      ${
        loading
          ? nothing
          : html`<button class="small quiet" @click=${this.#reload}>${msg('Refresh')}</button>`
      }</p>`;
  }

  #fleet(): TemplateResult {
    const { units, error, loading, asOf } = this.parts.fleet.state.value;
    const failure = error
      ? html`<jb-notice .error=${error} tone=${asOf === null ? nothing : 'warn'}>
          <button class="small" @click=${this.#reload}>${msg('Try again')}</button></jb-notice>`
      : nothing;
    const gone = this.#gone();
    if (units.length === 0)
      return html`${failure}${gone}${loading || error ? nothing : this.#none()}`;
    if (this.acting) return html`${failure}${this.#acting(units)}`;
    const { run, phase } = this.parts.actions.state.value;
    return html`${failure}${gone}${run ? unfinished(run, phase, this.#showRun) : nothing}
      ${this.#filters(units)}${this.#found(units)}`;
  }

  #acting(all: readonly FleetUnit[]): TemplateResult {
    const { kind, units } = this.acting ?? { kind: 'config', units: [] };
    return html`<jb-fleet-action .actions=${this.parts.actions} .kind=${kind} .units=${units}
      .all=${all} @close=${this.#list} @again=${this.#again}></jb-fleet-action>`;
  }

  /** Somebody has taken them away, and what was changed of them is still there to be looked at. */
  #gone(): TemplateResult | typeof nothing {
    const { units, changing, loading } = this.parts.fleet.state.value;
    if (loading) return nothing;
    const isListed = (id: string) => units.some(({ device_id }) => device_id === id);
    const ids = [...changing.keys()].filter((id) => !isListed(id));
    if (ids.length === 0) return nothing;
    return html`<p class="small">${msg('Changes of sensors that are not in this list:')} ${ids.map(
      (id) => html`<a class="mono" href="/locations/${id}">${id}</a> `,
    )}</p>`;
  }

  #none(): TemplateResult {
    const { role } = this.parts.session.state.value;
    const how =
      role === 'owner'
        ? msg('Your sensors appear here as soon as one of them is put at a place of yours.')
        : msg('Sensors appear here as soon as they are prepared on the bench.');
    return html`<p>${msg('There is no sensor yet.')} ${how}</p>`;
  }

  #filters(units: readonly FleetUnit[]): TemplateResult {
    return html`<div class="filters">
      <div class="field">
        <label for="text">${msg('Search')}</label>
        <input id="text" type="search" autocomplete="off" maxlength="100"
          placeholder=${msg('Name, place, id or firmware')} .value=${this.text} @input=${this.#type}>
      </div>
      ${filterChips(units, this.text, this.only, (state) => this.#choose(state))}
    </div>`;
  }

  #found(units: readonly FleetUnit[]): TemplateResult {
    const items = filterFleet(units, { state: this.only, text: this.text });
    const many = figure(items.length);
    const found = plural(items.length, { one: msg('1 sensor'), other: msg(str`${many} sensors`) });
    return html`<div class="found"><p class="small muted" role="status">${
      items.length === 0 ? msg('No sensor is like that. Change what you search for.') : found
    }</p>
      <div class="chips" role="group" aria-label=${msg('How they are shown')}>
        <button class="small" aria-pressed=${!this.isMap} @click=${() => this.#show(false)}
          >${msg('List')}</button>
        <button class="small" aria-pressed=${this.isMap} @click=${() => this.#show(true)}
          >${msg('Map')}</button>
        ${
          this.#mayAct(units)
            ? html`<button class="small" aria-pressed=${this.#choosing.isOn}
              @click=${this.#several}>${msg('Change several')}</button>`
            : nothing
        }
      </div></div>
      ${
        this.noActions
          ? html`<p class="small" role="alert">${msg(
              'What changes several sensors is not on this device and could not be fetched. Check your connection, then try again.',
            )}</p>`
          : nothing
      }
      ${this.#choosing.isOn ? this.#choosing.bar(items, units, this.#act) : nothing}
      ${
        this.noMap
          ? html`<p class="small" role="alert">${msg(
              'The map is not on this device and could not be fetched. Check your connection, then try again.',
            )}</p>`
          : nothing
      }
      ${this.isMap ? this.#map(items) : this.#rows(items)}`;
  }

  #map(items: readonly FleetUnit[]): TemplateResult {
    const lost = items.filter((unit) => !isPlaced(unit)).length;
    const many = figure(lost);
    const words = plural(lost, {
      one: msg('Of one sensor nobody knows yet where it is: it is in the list only.'),
      other: msg(
        str`Of ${many} sensors nobody knows yet where they are: they are in the list only.`,
      ),
    });
    return html`<jb-sensor-map .units=${items} .tiles=${this.tiles} @choose=${this.#open}
      ></jb-sensor-map>${lost > 0 ? html`<p class="small muted">${words}</p>` : nothing}`;
  }

  #rows(items: FleetUnit[]): TemplateResult {
    const { changing } = this.parts.fleet.state.value;
    return sensorList(items, { now: this.#now(), changing, ticks: this.#choosing });
  }

  #now(): number {
    return this.parts.clock.now();
  }

  readonly #type = (event: Event): void => {
    this.text = (event.target as HTMLInputElement).value;
  };

  #choose(state: FleetStateFilter): void {
    this.only = state;
  }

  /** The map's code comes when somebody wants to see it. */
  async #show(isMap: boolean): Promise<void> {
    if (!isMap) {
      this.isMap = false;
      return;
    }
    try {
      const [tiles] = await Promise.all([
        this.parts.tiles().catch(() => null),
        import('../elements/sensor-map.ts'),
      ]);
      this.tiles = tiles;
      this.noMap = false;
      this.isMap = true;
    } catch (cause) {
      console.debug('The map cannot be had.', cause);
      this.noMap = true;
    }
  }

  /** Nobody needs it with one sensor, and who only looks changes none. */
  #mayAct(units: readonly FleetUnit[]): boolean {
    const { role } = this.parts.session.state.value;
    return units.length > 1 && role !== null && role !== 'staff';
  }

  readonly #several = async (): Promise<void> => {
    if (this.#choosing.isOn) this.#choosing.end();
    else if (await this.#fetched()) {
      this.isMap = false;
      this.#choosing.begin();
    }
  };

  /** What comes when somebody wants to change several of them. */
  async #fetched(): Promise<boolean> {
    try {
      await import('../elements/fleet-action.ts');
      this.noActions = false;
    } catch (cause) {
      console.debug('What changes several sensors cannot be had.', cause);
      this.noActions = true;
    }
    return !this.noActions;
  }

  readonly #act = (kind: FleetActionKind, units: readonly FleetUnit[]): void => {
    // One that is through is not in the way of the next.
    const { run } = this.parts.actions.state.value;
    if (run) return void this.#showRun();
    this.acting = { kind, units };
  };

  readonly #showRun = async (): Promise<void> => {
    if (await this.#fetched()) this.acting = { kind: 'config', units: [] };
  };

  /** Those that it did not reach, looked at anew. */
  readonly #again = ({ detail }: CustomEvent<{ ids: string[]; kind: FleetActionKind }>): void => {
    const ids = new Set(detail.ids);
    const { units } = this.parts.fleet.state.value;
    this.acting = { kind: detail.kind, units: units.filter((unit) => ids.has(unit.device_id)) };
  };

  readonly #list = async (): Promise<void> => {
    this.acting = null;
    this.#choosing.end();
    await this.updateComplete;
    this.renderRoot.querySelector('h1')?.focus();
  };

  readonly #open = ({ detail }: CustomEvent<string>): void => this.parts.go(`/locations/${detail}`);

  readonly #reload = (): void => void this.parts.fleet.load();
}

customElements.define('jb-sensors-page', SensorsPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-sensors-page': SensorsPage;
  }
}
