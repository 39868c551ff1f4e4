/**
 * `<jb-insights-page>`: the owner's page. One big number, the busiest hour, when people come, where
 * they are, how long they stay, who visits; with as-of time and every state in between. Knows the
 * view only as observable state; asks nobody itself.
 */
import { msg } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import {
  ALL_SHOPS,
  type Choice,
  choiceIn,
  type InsightsView,
  type InsightsViewState,
  type Range,
} from '../../app/insights.ts';
import type { ServerClock } from '../../app/server-clock.ts';
import type { Session } from '../../app/session.ts';
import type { ShopRecord } from '../../app/shop-record.ts';
import { FocusController } from '../controllers/focus.ts';
import { ObservableController } from '../controllers/observable.ts';
import { OnlineController } from '../controllers/online.ts';
import { nextTask } from '../next-task.ts';
import { type Go, signInPath } from '../router.ts';
import { forOwners, type Later, noLocations, place, type Seen } from './insights-place.ts';
import { insightsStyles } from './insights-styles.ts';

/** Numbers come every five minutes; asking each minute shows them soon and costs 200 bytes. */
const REFRESH_MS = 60_000;

/** Where pickers come: nothing below them moves then. */
const PLACE = html`<div class="picker-place"></div>`;

export class InsightsPage extends LitElement {
  static override styles = insightsStyles;
  static override properties = {
    view: { attribute: false },
    session: { attribute: false },
    location: { attribute: false },
    clock: { attribute: false },
    go: { attribute: false },
    shop: { attribute: false },
    record: { state: true },
    later: { state: true },
    asking: { state: true },
  };
  declare view: InsightsView;
  declare session: Session;
  declare clock: ServerClock;
  /** From the address; undefined = the one shown last, or the first. */
  declare location: string | undefined;
  declare go: Go;
  /** Fetches what knows the owner's own numbers. */
  declare shop: () => Promise<ShopRecord>;
  declare protected record: ShopRecord | null;
  declare protected later: Later | null;
  /** Another day to compare with is being chosen. */
  declare protected asking: boolean;

  readonly #online = new OnlineController(this, (online) => online && this.#refresh());
  #timer: ReturnType<typeof setInterval> | undefined;
  #asked = false;
  /** The list of places has changed the address already since it has the focus. */
  #choosing = false;

  constructor() {
    super();
    this.later = null;
    this.record = null;
    this.asking = false;
    new FocusController(this);
    new ObservableController(this, () => this.view?.state);
    new ObservableController(this, () => this.session?.state);
    new ObservableController(this, () => this.clock?.state);
    new ObservableController(this, () => this.record?.state);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#refresh(), REFRESH_MS);
    document.addEventListener('visibilitychange', this.#refresh);
    window.addEventListener('beforeprint', this.#openTable);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#refresh);
    window.removeEventListener('beforeprint', this.#openTable);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const user = this.session.state.value.user;
    if (!user) this.#asked = false;
    else if (!this.#asked || changed.has('location')) {
      const chosen = this.#asked ? {} : choiceIn(location.search);
      this.#asked = true;
      void this.view.open(this.location, chosen);
    }
  }

  protected override updated(): void {
    const { insights, week } = this.view.state.value;
    if (!this.later && (insights || week)) void this.#loadRest();
    this.#openRecord();
  }

  protected override render(): TemplateResult {
    if (!this.session.state.value.user) return this.#signedOut();
    const state = this.view.state.value;
    const { error, location, locations } = state;
    if (error?.code === 'forbidden') {
      return forOwners(error, this.session.state.value.role);
    }
    if (locations?.length === 0) return noLocations();
    return this.#place(state, location ? nameOf(location) : msg('My store'));
  }

  /** Chart.js is a third of the page's weight and is not needed for the number people look for. */
  async #loadRest(): Promise<void> {
    await new Promise(requestAnimationFrame);
    await nextTask();
    // Not on this device yet and no network: the table says the same.
    const later = await import('./insights-later.ts').catch(() => null);
    if (!later) return;
    // Neither its own first run, nor drawing it, nor what the owner said keeps the other waiting.
    await nextTask();
    this.later = later;
    await this.updateComplete;
    await nextTask();
    await this.#loadRecord();
  }

  async #loadRecord(): Promise<void> {
    this.record = await this.shop().catch(() => null);
    this.#openRecord();
  }

  /** Of the place shown; of another as soon as that is another. */
  #openRecord(): void {
    const { location } = this.view.state.value;
    const { record } = this;
    if (
      record &&
      location &&
      location.id !== ALL_SHOPS &&
      record.state.value.locationId !== location.id
    )
      void record.open(location.id);
  }

  /** On paper nobody can open it. */
  readonly #openTable = () => {
    const table = this.renderRoot.querySelector<HTMLDetailsElement>('details.table');
    if (!table || table.open) return;
    table.open = true;
    const close = () => {
      table.open = false;
    };
    window.addEventListener('afterprint', close, { once: true });
  };

  readonly #refresh = () => {
    if (document.visibilityState === 'visible' && this.session.state.value.user)
      void this.view.refresh();
  };

  #signedOut(): TemplateResult {
    const { expired } = this.session.state.value;
    const here = location.pathname + location.search;
    return html`<div class="page narrow">
      <h1 tabindex="-1">${msg('My store')}</h1>
      <p>${expired ? msg('You were signed out because your session ended.') : ''}
        ${msg('Sign in to see how many people visit, when they come and how long they stay.')}</p>
      <p><a class="button primary" href=${signInPath(here)}>${msg('Sign in')}</a></p>
    </div>`;
  }

  #place(state: InsightsViewState, name: string): TemplateResult {
    const mayChange = this.session.state.value.role !== 'staff';
    return place(state, this.#seen(state), {
      name,
      pickers: state.location ? this.#pickers(state) : nothing,
      isBusy: state.loading && state.shownFor?.key !== this.view.key,
      isOnline: this.#online.online,
      again: () => void this.view.refresh(),
      showToday: () => this.#choose({ day: 'today' }),
      later: this.later,
      own: this.later?.ownParts(state, this.record, this.clock.now(), mayChange) ?? null,
    });
  }

  #pickers(state: InsightsViewState): TemplateResult {
    const ask = (isAsking: boolean) => {
      this.asking = isAsking;
    };
    const { later } = this;
    return html`${this.#locationPicker(state)}
${this.#periodPicker(state)}
      ${later ? later.datePicker(state, this.clock.now(), this.#choose) : PLACE}
      ${later?.againstPicker(state, this.asking, ask, this.#choose)}`;
  }

  /** Today, yesterday, or the last seven days. */
  #periodPicker({ choice, range, early }: InsightsViewState): TemplateResult {
    const day = early ? 'yesterday' : choice;
    const option = (chosen: Range, named: string, label: string) => html`<button
      aria-pressed=${range === chosen && (chosen === 'week' || day === named)}
      @click=${() => this.#choose({ range: chosen, day: named, against: null })}>${label}</button>`;
    return html`<div class="days" role="group" aria-label=${msg('Day')}>
      ${option('day', 'yesterday', msg('Yesterday'))}${option('day', 'today', msg('Today'))}
      ${option('week', 'today', msg('Week'))}
    </div>`;
  }

  readonly #choose = (choice: Choice) => {
    this.asking = false;
    void this.view.open(this.location, choice);
  };

  #seen(state: InsightsViewState): Seen {
    const { isKnown } = this.clock.state.value;
    const failed = state.error !== null;
    return { nowMs: isKnown ? this.clock.now() : null, remembered: state.remembered, failed };
  }

  #locationPicker(state: InsightsViewState): TemplateResult | typeof nothing {
    const { locations, location } = state;
    if (!locations || locations.length < 2) return nothing;
    const shown = this.location ?? location?.id;
    return html`<select aria-label=${msg('Location')} @change=${this.#choosePlace}
      @blur=${() => {
        this.#choosing = false;
      }}>
      ${locations.map(
        (l) => html`<option value=${l.id} .selected=${l.id === shown}>${l.name}</option>`,
      )}
      <option value=${ALL_SHOPS} .selected=${shown === ALL_SHOPS}>${msg('All shops together')}</option>
    </select>`;
  }

  /** Arrow keys pass by several places; on the way back all of them are one step. */
  readonly #choosePlace = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    this.go(`/store/${encodeURIComponent(value)}`, { replace: this.#choosing });
    this.#choosing = true;
  };
}

/** All together have none of their own. */
const nameOf = ({ id, name }: { id: string; name: string }) =>
  id === ALL_SHOPS ? msg('All shops together') : name;

customElements.define('jb-insights-page', InsightsPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-insights-page': InsightsPage;
  }
}
