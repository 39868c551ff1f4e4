/**
 * `<jb-store-page>`: the owner's page. One big number, the busiest hour, when people come, where
 * they are, how long they stay, who visits; with as-of time and every state in between. Knows the
 * store only as observable state; asks nobody itself.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Insights } from '../../../shared/contracts/insights.ts';
import type { DayChoice, Store, StoreState } from '../../app/insights.ts';
import type { Session } from '../../app/session.ts';
import { Observe } from '../controllers/observe.ts';
import { Online } from '../controllers/online.ts';
import { base, buttons, fields } from '../elements/styles.ts';
import { dayName, weekday } from '../format.ts';
import * as parts from './store-parts.ts';
import { storeStyles } from './store-styles.ts';
import * as words from './store-words.ts';

/** Numbers come every five minutes; asking each minute shows them soon and costs 200 bytes. */
const REFRESH_MS = 60_000;

export class StorePage extends LitElement {
  static override styles = [base, buttons, fields, storeStyles];
  static override properties = {
    store: { attribute: false },
    session: { attribute: false },
    location: { attribute: false },
    go: { attribute: false },
    chartReady: { state: true },
  };
  declare store: Store;
  declare session: Session;
  /** From the address; undefined = the one shown last, or the first. */
  declare location: string | undefined;
  declare go: (path: string) => void;
  declare protected chartReady: boolean;

  readonly #online = new Online(this, (online) => online && this.#refresh());
  #timer: ReturnType<typeof setInterval> | undefined;
  #asked = false;

  constructor() {
    super();
    this.chartReady = false;
    new Observe(this, () => this.store?.state);
    new Observe(this, () => this.session?.state);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#refresh(), REFRESH_MS);
    document.addEventListener('visibilitychange', this.#refresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#refresh);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const user = this.session.state.value.user;
    if (!user) this.#asked = false;
    else if (!this.#asked || changed.has('location')) {
      this.#asked = true;
      void this.store.open(this.location);
    }
  }

  protected override updated(): void {
    if (!this.chartReady && this.store.state.value.insights) void this.#loadChart();
  }

  protected override render(): TemplateResult {
    if (!this.session.state.value.user) return this.#signedOut();
    const state = this.store.state.value;
    if (state.insights && state.location) return this.#day(state, state.insights);
    if (state.error) return this.#failed(state);
    if (state.locations?.length === 0) return parts.noLocations();
    return parts.skeleton();
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

  readonly #refresh = () => {
    if (document.visibilityState === 'visible' && this.session.state.value.user)
      void this.store.refresh();
  };

  #signedOut(): TemplateResult {
    const { expired } = this.session.state.value;
    return html`<div class="page narrow">
      <h1 tabindex="-1">My store</h1>
      <p>${expired ? 'You were signed out because your session ended. ' : ''}Sign in to see how many
        people visit, when they come and how long they stay.</p>
      <p><a class="button primary" href="/sign-in?next=${location.pathname}">Sign in</a></p>
    </div>`;
  }

  #failed(state: StoreState): TemplateResult {
    if (state.error?.code === 'forbidden') return parts.forOwners(state.error);
    const away = state.error?.code === 'unavailable';
    return html`<div class="page narrow">
      <h1 tabindex="-1">${state.location?.name ?? 'My store'}</h1>
      ${state.location ? this.#dayPicker(state) : nothing}
      <jb-notice .error=${state.error} tone=${away ? 'warn' : 'bad'}
        headline=${away ? 'Your numbers cannot be fetched right now' : ''}
        advice=${away ? this.#awayAdvice() : ''}>
        <button @click=${() => void this.store.refresh()}>Try again</button>
      </jb-notice>
    </div>`;
  }

  #awayAdvice(): string {
    return this.#online.online
      ? 'The server does not answer. Your sensors keep counting; nothing is lost.'
      : 'You are offline, and this day is not kept on this device yet.';
  }

  #day(state: StoreState, insights: Insights): TemplateResult {
    const busy = state.loading && state.insights?.day !== state.day;
    return html`<div class="page" aria-busy=${busy}>
      ${this.#heading(state, insights)}
      ${
        words.isEmptyDay(insights)
          ? parts.emptyDay(state.choice, insights)
          : this.#numbers(state, insights)
      }
    </div>`;
  }

  #heading(state: StoreState, insights: Insights): TemplateResult {
    return html`<div class="top">
      <div>
        <h1 tabindex="-1">${insights.location.name}</h1>
        <p class="muted">${dayName(insights.day)} <span class="sep">·</span>
          ${this.#asOf(state, insights)}</p>
      </div>
      <div class="pickers">${this.#locationPicker(state)}${this.#dayPicker(state)}</div>
    </div>`;
  }

  #asOf(state: StoreState, insights: Insights): TemplateResult {
    const { words: text, stale } = words.asOf(insights, Date.now());
    const old = state.choice === 'today' && (stale || (state.remembered && !state.loading));
    const why = state.error ? ', not refreshed' : '';
    return html`<span class=${old ? 'as-of old' : 'as-of'} role="status">${text}${why}</span>`;
  }

  #locationPicker(state: StoreState): TemplateResult | typeof nothing {
    const { locations, location } = state;
    if (!locations || locations.length < 2) return nothing;
    const change = (e: Event) => this.go(`/store/${(e.target as HTMLSelectElement).value}`);
    return html`<select aria-label="Location" @change=${change}>
      ${locations.map(
        (l) => html`<option value=${l.id} ?selected=${l.id === location?.id}>${l.name}</option>`,
      )}
    </select>`;
  }

  #dayPicker(state: StoreState): TemplateResult {
    const option = (choice: DayChoice, label: string) => html`<button
      aria-pressed=${state.choice === choice}
      @click=${() => void this.store.open(this.location, choice)}>${label}</button>`;
    return html`<div class="days" role="group" aria-label="Day">
      ${option('yesterday', 'Yesterday')}${option('today', 'Today')}
    </div>`;
  }

  #numbers(state: StoreState, insights: Insights): TemplateResult {
    return html`
      ${parts.hero(state.choice, insights)}
      <section aria-labelledby="when">
        <div class="title">
          <h2 id="when">When do people come?</h2>
          <p class="key" aria-hidden="true"><span class="front">This day</span>
            <span class="behind">${weekday(insights.day)} before</span></p>
        </div>
        ${this.#chart(insights)}
        <p class="small muted">${words.gapSentence(insights)}</p>
        ${parts.hoursTable(insights)}
      </section>
      <div class="three">
        <section>
          <h2>Where are they?</h2>
          <p class="small muted">Minutes that phones were noticed in each zone.</p>
          <jb-scale-bars unit="minutes" .rows=${words.zoneRows(insights.zones)}></jb-scale-bars>
        </section>
        <section>
          <h2>How long do they stay?</h2>
          <p class="small muted">Stays that have ended, by their length.</p>
          <jb-scale-bars unit="stays" .rows=${words.stayRows(insights.stays)}></jb-scale-bars>
        </section>
        <section>
          <h2>Who’s visiting?</h2>
          <p class="small muted">Makers of the devices noticed nearby: a sample.</p>
          <jb-scale-bars unit="devices" .rows=${words.makerRows(insights.composition)}>
          </jb-scale-bars>
        </section>
      </div>
      ${parts.footnote(insights)}
    `;
  }

  #chart(insights: Insights): TemplateResult {
    if (!this.chartReady) return html`<div class="chart-place"></div>`;
    return html`<jb-chart-hours .hours=${words.hourBars(insights)}
      summary=${words.hoursSummary(insights)} against="${weekday(insights.day)} before">
    </jb-chart-hours>`;
  }
}

customElements.define('jb-store-page', StorePage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-store-page': StorePage;
  }
}
