/**
 * `<jb-insights-page>`: the owner's page. One big number, the busiest hour, when people come, where
 * they are, how long they stay, who visits; with as-of time and every state in between. Knows the
 * view only as observable state; asks nobody itself.
 */
import { msg } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { DayChoice, InsightsView, InsightsViewState } from '../../app/insights.ts';
import type { ServerClock } from '../../app/server-clock.ts';
import type { Session } from '../../app/session.ts';
import { FocusController } from '../controllers/focus.ts';
import { ObservableController } from '../controllers/observable.ts';
import { OnlineController } from '../controllers/online.ts';
import { base, buttons, fields } from '../elements/styles.ts';
import { type Go, signInPath } from '../router.ts';
import type * as known from './insights-known.ts';
import * as parts from './insights-parts.ts';
import { insightsStyles } from './insights-styles.ts';

/** Numbers come every five minutes; asking each minute shows them soon and costs 200 bytes. */
const REFRESH_MS = 60_000;

export class InsightsPage extends LitElement {
  static override styles = [base, buttons, fields, insightsStyles];
  static override properties = {
    view: { attribute: false },
    session: { attribute: false },
    location: { attribute: false },
    clock: { attribute: false },
    go: { attribute: false },
    chartReady: { state: true },
  };
  declare view: InsightsView;
  declare session: Session;
  declare clock: ServerClock;
  /** From the address; undefined = the one shown last, or the first. */
  declare location: string | undefined;
  declare go: Go;
  declare protected chartReady: boolean;

  readonly #online = new OnlineController(this, (online) => online && this.#refresh());
  #timer: ReturnType<typeof setInterval> | undefined;
  #asked = false;
  /** The list of places has changed the address already since it has the focus. */
  #choosing = false;

  constructor() {
    super();
    this.chartReady = false;
    new FocusController(this);
    new ObservableController(this, () => this.view?.state);
    new ObservableController(this, () => this.session?.state);
    new ObservableController(this, () => this.clock?.state);
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
      this.#asked = true;
      void this.view.open(this.location);
    }
  }

  protected override updated(): void {
    if (!this.chartReady && this.view.state.value.insights) void this.#loadChart();
  }

  protected override render(): TemplateResult {
    if (!this.session.state.value.user) return this.#signedOut();
    const state = this.view.state.value;
    const { error, location, locations } = state;
    if (error?.code === 'forbidden') {
      return parts.forOwners(error, this.session.state.value.role);
    }
    if (locations?.length === 0) return parts.noLocations();
    return this.#place(state, location?.name ?? msg('My store'));
  }

  /** Chart.js is a third of the page's weight and is not needed for the number people look for. */
  async #loadChart(): Promise<void> {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    await import('../elements/chart-hours.ts').then(
      () => {
        this.chartReady = true;
      },
      // Not on this device yet and no network: the table says the same.
      () => undefined,
    );
  }

  /** On paper nobody can open it. */
  readonly #openTable = () => {
    const table = this.renderRoot.querySelector('details');
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

  /** One template from first to last: its heading and pickers keep the focus. */
  #place(state: InsightsViewState, name: string): TemplateResult {
    const { insights, shownFor, loading, choice, error } = state;
    const busy = loading && shownFor?.choice !== choice;
    const seen = this.#seen(state);
    const pickers = html`${this.#locationPicker(state)}${this.#dayPicker(state)}`;
    const retry = { again: () => void this.view.refresh(), isRunning: loading };
    return html`<div class="page" aria-busy=${busy}>
      ${parts.heading(name, insights, seen, state.location ? pickers : nothing)}
      ${
        insights
          ? parts.day(insights, seen, this.chartReady, error)
          : error
            ? parts.failed(error, this.#online.online, retry)
            : parts.skeleton()
      }
    </div>`;
  }

  #seen(state: InsightsViewState): known.Seen {
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
    </select>`;
  }

  /** Arrow keys pass by several places; on the way back all of them are one step. */
  readonly #choosePlace = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    this.go(`/store/${encodeURIComponent(value)}`, { replace: this.#choosing });
    this.#choosing = true;
  };

  #dayPicker(state: InsightsViewState): TemplateResult {
    const option = (choice: DayChoice, label: string) => html`<button
      aria-pressed=${state.choice === choice}
      @click=${() => void this.view.open(this.location, choice)}>${label}</button>`;
    return html`<div class="days" role="group" aria-label=${msg('Day')}>
      ${option('yesterday', msg('Yesterday'))}${option('today', msg('Today'))}
    </div>`;
  }
}

customElements.define('jb-insights-page', InsightsPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-insights-page': InsightsPage;
  }
}
