/**
 * `<jb-admin-page>`: which of an administrator's pages is shown. Each is fetched when it is first
 * opened. Knows none of them; the names of people, which several show, are asked for here.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Location, Me } from '../../../shared/contracts/portal.ts';
import { keptThenFresh, PEOPLE } from '../../app/answers.ts';
import type { Session } from '../../app/session.ts';
import { ObservableController } from '../controllers/observable.ts';
import { OnlineController } from '../controllers/online.ts';
import { adminStyles } from '../elements/admin-nav.ts';
import { notForYou } from '../elements/not-for-you.ts';
import { dateTime } from '../format.ts';
import type { Go } from '../router.ts';
import type { AdminParts } from './admin-parts.ts';

/** Code by the page's name; anything else is the first. */
const LOADERS: Readonly<Record<string, () => Promise<unknown>>> = {
  people: () => import('./people-page.ts'),
  readings: () => import('./readings-page.ts'),
  audit: () => import('./audit-page.ts'),
  alerts: () => import('./alerts-page.ts'),
  notices: () => import('./notices-page.ts'),
  status: () => import('./status-page.ts'),
  orders: () => import('./orders-page.ts'),
  places: () => import('./places-page.ts'),
};
const loaderOf = (page: string) => LOADERS[page] ?? (() => import('./people-page.ts'));
/** They show who it was. */
const WITH_NAMES = ['audit', 'alerts', 'orders'];

/** Fetches the code of a page, so that it is there when it is drawn. */
export const loadAdminPage = (page: string): Promise<unknown> => loaderOf(page)();

export class AdminPage extends LitElement {
  static override styles = [
    adminStyles,
    css`
    .before {
      max-width: 60rem;
      margin: 0 auto 16px;
      padding: 12px 16px;
      border-radius: var(--radius-small);
      background: var(--warn-soft);
      font-size: var(--size-14);
    }
  `,
  ];
  static override properties = {
    parts: { attribute: false },
    session: { attribute: false },
    go: { attribute: false },
    page: {},
    unit: {},
    all: { state: true },
    places: { state: true },
  };
  declare parts: AdminParts;
  declare session: Session;
  declare go: Go;
  /** A name of {@link LOADERS}. */
  declare page: string;
  /** Id of the unit or location that is looked at, or empty. */
  declare unit: string;
  declare protected all: readonly Me[];
  declare protected places: readonly Location[];

  readonly #network = new OnlineController(this);

  constructor() {
    super();
    this.all = [];
    this.places = [];
    new ObservableController(this, () => this.parts?.asOf);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('page') || notForYou(this.session, 'admin')) return;
    void loadAdminPage(this.page);
    if (WITH_NAMES.includes(this.page) && this.session.state.value.user) void this.#names();
  }

  /** Without them ids are shown, which is no failure of the page. */
  async #names(): Promise<void> {
    try {
      const { people, locations, answers } = this.parts;
      const places = locations().then((known) => {
        this.places = known;
      });
      const names = keptThenFresh(answers, PEOPLE, people.list(), ({ answer }) => {
        this.all = answer;
      });
      await Promise.all([places, names]);
    } catch (error) {
      console.debug('The names of people are not known.', error);
    }
  }

  protected override render(): TemplateResult {
    const refusal = notForYou(this.session, 'admin');
    if (refusal) return refusal;
    return html`${this.session.state.value.user ? this.#before() : nothing}${this.#page()}`;
  }

  /** Without a way to the backend: from when this is, and that nothing can be changed. */
  #before(): TemplateResult | typeof nothing {
    const asOf = this.parts.asOf.value;
    if (asOf === null && this.#network.online) return nothing;
    const time = asOf === null ? '' : dateTime(asOf);
    return html`<p class="before" role="status" data-testid="seen-before">${
      asOf === null ? nothing : msg(str`No connection to the server: this is as of ${time}.`)
    } ${msg(
      'Without a connection nothing can be changed here: roles, places and work are decided on what is so now. Only that you know of an alert is kept and sent later.',
    )}</p>`;
  }

  #page(): TemplateResult {
    const { session, go, unit, all, places } = this;
    const { people, judgement, administration, work, locations, answers } = this.parts;
    const names = new Map(all.map(({ user_id, email }) => [user_id, email]));
    switch (this.page) {
      case 'readings':
        return html`<jb-readings-page .judgement=${judgement} .session=${session} .go=${go}
          .unit=${unit} .answers=${answers}></jb-readings-page>`;
      case 'audit':
        return html`<jb-audit-page .trail=${administration} .session=${session} .people=${names}
          ></jb-audit-page>`;
      case 'alerts':
        return html`<jb-alerts-page .history=${administration} .session=${session} .people=${names}
          ></jb-alerts-page>`;
      case 'notices':
        return html`<jb-notices-page .keeper=${administration} .session=${session}
          ></jb-notices-page>`;
      case 'status':
        return html`<jb-status-page .watch=${administration} .session=${session}></jb-status-page>`;
      case 'orders':
        return html`<jb-orders-page .work=${work} .session=${session} .all=${all}
          .places=${places}></jb-orders-page>`;
      case 'places':
        return html`<jb-places-page .keeper=${administration} .session=${session} .go=${go}
          .place=${unit}></jb-places-page>`;
      default:
        return html`<jb-people-page .people=${people} .session=${session} .locations=${locations}
          .answers=${answers}></jb-people-page>`;
    }
  }
}

customElements.define('jb-admin-page', AdminPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-admin-page': AdminPage;
  }
}
