/**
 * Whether this page is an app on this device, whether and how it can become one, and when it may
 * ask: an owner who comes back, not one who said no lately. Knows no element.
 */
import { type Observable, ObservableValue } from '../app/observable.ts';

/**
 * `prompt`: the browser asks when told to. `ios`, `mac`, `menu`: the person has to do it, by the
 * Share sheet, Safari's File menu or the browser's menu. `none`: this browser has no apps.
 */
export type InstallWay = 'installed' | 'prompt' | 'ios' | 'mac' | 'menu' | 'none';

/** Chromium's event, which TypeScript's library does not have. */
export interface InstallPrompt {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

const VISITS = 'jambench-visits';
const LATER = 'jambench-install-later';
const INSTALLED = 'jambench-installed';

/** Whoever comes back after this is on another visit. */
const VISIT_MS = 30 * 60_000;
/** From the second visit on it is no stranger's page. */
const VISITS_MIN = 2;
/** A no is good for a season. */
const LATER_MS = 90 * 86_400_000;

/** The browser, as far as it matters here. */
export interface InstallWorld {
  userAgent: string;
  touchPoints: number;
  /** The page runs in a window of its own. */
  isStandalone: boolean;
  storage: Storage;
  /** Unix milliseconds. */
  now: () => number;
}

export class Install {
  readonly #world: InstallWorld;
  readonly #way: ObservableValue<InstallWay>;
  readonly #isLater: ObservableValue<boolean>;
  readonly #isRegular: boolean;
  #prompt: InstallPrompt | null = null;

  /** Counts the visit. */
  constructor(world: InstallWorld) {
    this.#world = world;
    this.#way = new ObservableValue(this.#wayOf());
    const until = Number(world.storage.getItem(LATER) ?? 0);
    this.#isLater = new ObservableValue(world.now() < until);
    this.#isRegular = this.#countVisit() >= VISITS_MIN;
  }

  get way(): Observable<InstallWay> {
    return this.#way;
  }

  /** Somebody said no, lately. */
  get isLater(): Observable<boolean> {
    return this.#isLater;
  }

  /** Whether the page may bring it up by itself, where it is at the right place for that. */
  mayAsk(): boolean {
    const isPossible = !['installed', 'none'].includes(this.#way.value);
    return isPossible && this.#isRegular && !this.#isLater.value;
  }

  /** What the browser hands over when it could install; it does so only while it is no app yet. */
  offered(prompt: InstallPrompt): void {
    this.#prompt = prompt;
    this.#world.storage.removeItem(INSTALLED);
    if (!this.#world.isStandalone) this.#way.set('prompt');
  }

  /** The browser says that it is an app now, whoever asked for it. */
  installed(): void {
    this.#prompt = null;
    this.#world.storage.setItem(INSTALLED, 'yes');
    this.#way.set('installed');
  }

  /** Shows the browser's own question; call it from a click. A no is remembered. */
  async ask(): Promise<void> {
    const prompt = this.#prompt;
    if (!prompt) return;
    // It can be shown once; the browser brings another when it may be asked again.
    this.#prompt = null;
    const { outcome } = await prompt.prompt();
    if (outcome === 'dismissed') {
      this.later();
      this.#way.set('none');
    }
  }

  later(): void {
    this.#world.storage.setItem(LATER, String(this.#world.now() + LATER_MS));
    this.#isLater.set(true);
  }

  /** Only Chromium tells; of others it is known by their names how it goes there. */
  #wayOf(): InstallWay {
    const { userAgent, touchPoints, isStandalone, storage } = this.#world;
    if (isStandalone || storage.getItem(INSTALLED)) return 'installed';
    const isMac = userAgent.includes('Macintosh');
    // An iPad calls itself a Mac, with fingers.
    if (/iPhone|iPad|iPod/.test(userAgent) || (isMac && touchPoints > 1)) return 'ios';
    if (isMac && /Version\/\d+.* Safari\//.test(userAgent)) return 'mac';
    if (/Android.*Firefox\//.test(userAgent)) return 'menu';
    return 'none';
  }

  #countVisit(): number {
    const { storage, now } = this.#world;
    const [count = 0, last = 0] = (storage.getItem(VISITS) ?? '').split(' ').map(Number);
    const isAnother = !(now() - last < VISIT_MS);
    const visits = isAnother ? (count || 0) + 1 : count || 1;
    storage.setItem(VISITS, `${visits} ${now()}`);
    return visits;
  }
}
