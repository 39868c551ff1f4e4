/**
 * `<jb-app>`: header, side rail or bottom tabs, the routed page, the quiet banners. Moves focus and
 * sets the title on navigation. Knows the pages only as routes that main.ts hands in.
 */
import { msg } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import {
  LANGUAGE_NAMES,
  LANGUAGES,
  type Language,
  type Languages,
  type Room,
} from '../app/language.ts';
import type { Session } from '../app/session.ts';
import { ObservableController } from './controllers/observable.ts';
import { OnlineController } from './controllers/online.ts';
import { type IconName, icon, mark } from './elements/icons.ts';
import type { FocusMemory, NoteParts } from './elements/shell-notes.ts';
import { base, buttons } from './elements/styles.ts';
import { type Match, matchRoute, type Route, type Router, signInPath } from './router.ts';
import { shellStyles } from './shell-styles.ts';

/** A page as the shell sees it. */
export interface Page {
  /** In the language of the page. */
  title: () => string;
  /** Which tab is marked. */
  tab: TabId | null;
  /** Whose texts its code has (scripts/texts/rooms.ts), where they are not those of its tab. */
  texts?: readonly Room[];
  /** Fetches the code of the page. */
  load: () => Promise<unknown>;
  render: (params: Readonly<Record<string, string>>) => TemplateResult;
}

export type TabId = 'home' | 'store' | 'locations' | 'bench' | 'work' | 'admin' | 'account';

/** The pages, and the one for addresses that are none. */
export interface Routes {
  list: readonly Route<Page>[];
  notFound: Page;
}

interface Tab {
  id: TabId;
  href: string;
  label: () => string;
  icon: IconName;
}

const TABS: readonly Tab[] = [
  { id: 'store', href: '/store', label: () => msg('My store'), icon: 'store' },
  { id: 'locations', href: '/locations', label: () => msg('My locations'), icon: 'place' },
  { id: 'bench', href: '/bench', label: () => msg('Bench'), icon: 'bench' },
];

/** An installer sees no numbers of people, and so no store. */
const WORK: Tab = { id: 'work', href: '/work', label: () => msg('Work orders'), icon: 'check' };
const ADMIN: Tab = { id: 'admin', href: '/admin', label: () => msg('Admin'), icon: 'admin' };

export class AppShell extends LitElement {
  static override styles = [base, buttons, shellStyles];
  static override properties = {
    router: { attribute: false },
    routes: { attribute: false },
    session: { attribute: false },
    languages: { attribute: false },
    remembers: { attribute: false },
    path: { state: true },
    match: { state: true },
    failed: { state: true },
    unspoken: { state: true },
    noted: { state: true },
  };
  declare router: Router;
  declare routes: Routes;
  declare session: Session;
  declare languages: Languages;
  /** False where the browser lets the page keep nothing. */
  declare remembers: boolean;
  declare protected path: string;
  declare protected match: Match<Page> | null;
  declare protected failed: boolean;
  /** The texts of the language that was chosen could not be had. */
  declare protected unspoken: boolean;
  declare protected noted: NoteParts | null;

  readonly #online = new OnlineController(this);
  /** Fetched when there is time. */
  #focus: FocusMemory | undefined;
  #navigation = 0;

  constructor() {
    super();
    this.remembers = true;
    this.path = '/';
    this.match = null;
    this.failed = false;
    this.unspoken = false;
    new ObservableController(this, () => this.session?.state);
  }

  protected override firstUpdated(): void {
    this.router.start((path) => void this.#show(path, true));
    void this.#show(this.router.path, false);
  }

  /** What is said beside the pages, fetched when there is time. */
  async note(parts: NoteParts): Promise<void> {
    const [{ FocusMemory }] = await Promise.all([
      import('./elements/shell-notes.ts'),
      this.languages.need('later'),
    ]);
    this.#focus = new FocusMemory(this.router.step);
    this.noted = parts;
  }

  protected override render(): TemplateResult {
    return html`
      <header>
        <button class="skip" @click=${this.#skip}>${msg('Skip to the content')}</button>
        <a class="brand" href="/" aria-label=${msg('JamBench, start')}>${mark()}<span>JamBench</span></a>
        <nav aria-label=${msg('Main')}>${this.#tabs()}${this.#account()}</nav>
      </header>
      <div class="column">
        ${this.#banners()}
        <main id="main" tabindex="-1">${this.#page()}</main>
        ${this.#notes()}
        <footer>${this.match || this.failed ? this.#languages() : nothing}</footer>
      </div>
    `;
  }

  /** Owners and staff prepare no unit; who is not known yet may be an installer offline. */
  #tabs(): TemplateResult[] {
    const { role } = this.session.state.value;
    if (role === 'installer') return [...TABS.slice(1), WORK].map((tab) => this.#tab(tab));
    const all = role === 'admin' ? [...TABS, ADMIN] : TABS;
    const isAway = role === 'owner' || role === 'staff';
    return all.filter(({ id }) => id !== 'bench' || !isAway).map((tab) => this.#tab(tab));
  }

  #tab(tab: Tab): TemplateResult {
    const current = this.match?.page.tab === tab.id;
    return html`<a class="tab" href=${tab.href} aria-current=${current ? 'page' : nothing}
      >${icon(tab.icon)}<span>${tab.label()}</span></a>`;
  }

  #account(): TemplateResult {
    const user = this.session.state.value.user;
    const current = this.match?.page.tab === 'account';
    const href = user ? '/sign-in' : signInPath(this.path);
    return html`<a class="tab account" href=${href} aria-current=${current ? 'page' : nothing}
      title=${user?.email ?? nothing}
      >${icon('account')}<span>${user ? msg('Account') : msg('Sign in')}</span></a>`;
  }

  #banners(): TemplateResult {
    return html`
      <div role="status">
        ${
          this.#online.online
            ? nothing
            : html`<p class="banner">${icon('offline')}<span>${msg(
                'You are offline. What this device remembers still works.',
              )}</span></p>`
        }
        ${
          this.remembers
            ? nothing
            : html`<p class="banner"><span>${msg(
                'This browser lets JamBench keep nothing. It works, but asks you to sign in after each reload and shows nothing offline. Allow site data for this address to change that.',
              )}</span></p>`
        }
      </div>
    `;
  }

  /** They come late: above the page they would push away what somebody is about to press. */
  #notes(): TemplateResult | typeof nothing {
    const tab = this.match?.page.tab;
    return this.noted
      ? html`<jb-shell-notes .parts=${this.noted} .tab=${tab}></jb-shell-notes>`
      : nothing;
  }

  #page(): TemplateResult | typeof nothing {
    if (this.failed) {
      return html`<section class="broken">
        <h1 tabindex="-1">${msg('This page could not be loaded')}</h1>
        <p>${msg(
          'Its code is not on this device and could not be fetched: there is no connection, or a new version was published meanwhile. Check your connection, then try again.',
        )}</p>
        <p><button class="primary" @click=${() => location.reload()}>${msg('Try again')}</button></p>
      </section>`;
    }
    return this.match ? this.match.page.render(this.match.params) : nothing;
  }

  /** After the page: it would jump down when that comes. */
  #languages(): TemplateResult {
    const names = LANGUAGES.map(
      (language) => html`<option value=${language} lang=${language}
        ?selected=${language === this.languages.current}>${LANGUAGE_NAMES[language]}</option>`,
    );
    const failure = msg(
      'This language could not be loaded. Check your connection, then try again.',
    );
    return html`<label>${msg('Language')}
        <select @change=${this.#choose}>${names}</select></label>
      <p role="status">${this.unspoken ? failure : nothing}</p>`;
  }

  readonly #choose = async (event: Event): Promise<void> => {
    const list = event.target as HTMLSelectElement;
    try {
      await this.languages.choose(list.value as Language);
      this.#title();
      this.unspoken = false;
    } catch {
      list.value = this.languages.current;
      this.unspoken = true;
    }
  };

  /** My Store is not kept waiting for what it says later. */
  async #texts({ tab, texts = [tab === 'bench' ? 'bench' : 'rest'] }: Page): Promise<void> {
    if (tab !== 'store') return await this.languages.need(...texts);
    void this.languages.need('later').catch((error: unknown) => {
      console.debug('What My Store says later cannot be had.', error);
    });
  }

  #title(): void {
    const { page } = this.match ?? {};
    document.title = !page || page.tab === 'home' ? 'JamBench' : `${page.title()} · JamBench`;
  }

  async #show(path: string, moved: boolean): Promise<void> {
    this.#navigation += 1;
    const navigation = this.#navigation;
    const { step } = this.router;
    this.#focus?.leave(step);
    // At once: whoever presses Sign in before the page is there comes back to it all the same.
    this.path = path;
    const match = matchRoute(this.routes.list, path) ?? { page: this.routes.notFound, params: {} };
    try {
      await Promise.all([match.page.load(), this.#texts(match.page)]);
      if (navigation !== this.#navigation) return;
      this.failed = false;
    } catch {
      if (navigation !== this.#navigation) return;
      this.failed = true;
    }
    const samePage = this.match?.page === match.page;
    this.match = match;
    this.#title();
    await this.updateComplete;
    const isBack = moved && (await this.#focus?.comeBack(step));
    if (moved && !samePage && !isBack && navigation === this.#navigation) {
      await this.#focusHeading();
    }
  }

  /** The heading of the page lives one shadow root further in. */
  async #focusHeading(): Promise<void> {
    window.scrollTo(0, 0);
    const main = this.renderRoot.querySelector<HTMLElement>('main');
    const page = main?.firstElementChild;
    if (page instanceof LitElement) await page.updateComplete;
    const heading = (page?.shadowRoot ?? main)?.querySelector<HTMLElement>('h1');
    (heading ?? main)?.focus();
  }

  #skip(): void {
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    return this.routes !== undefined && super.shouldUpdate(changed);
  }
}

customElements.define('jb-app', AppShell);

declare global {
  interface HTMLElementTagNameMap {
    'jb-app': AppShell;
  }
}
