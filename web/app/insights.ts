/**
 * What the Store page shows: one location on one day, from the cache at once and from the backend
 * after. Knows neither IndexedDB nor HTTP, nor how a number is drawn.
 */

import { msg } from '@lit/localize';
import type { Insights } from '../../shared/contracts/insights.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { addDays, civilDate } from '../../shared/metrics/time-zone.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { ServerClock } from './server-clock.ts';

/** The portal, as far as this page needs it. Rejects with AppError only. */
export interface InsightsPortal {
  locations(signal?: AbortSignal): Promise<Location[]>;
  /** Which date that is, by the shop's calendar, is the server's to say. */
  insights(locationId: string, day: DayChoice, signal?: AbortSignal): Promise<Insights>;
}

/** Last answers, kept on this device for the person who is signed in. Never rejects. */
export interface InsightsCache {
  locations(userId: string): Promise<Location[] | null>;
  putLocations(userId: string, locations: Location[]): Promise<void>;
  /** The newest day that is kept, not after `upTo` (a date of the shop's calendar). */
  newest(userId: string, locationId: string, upTo?: string): Promise<Insights | null>;
  putInsights(userId: string, insights: Insights): Promise<void>;
}

export type DayChoice = 'today' | 'yesterday';

export interface InsightsViewState {
  /** null while not even the cache has answered. */
  locations: readonly Location[] | null;
  location: Location | null;
  choice: DayChoice;
  /** Its own `day` says which day it is: offline, the newest that is kept. */
  insights: Insights | null;
  /** What `insights` were shown for; another choice or place may be on its way. */
  shownFor: { locationId: string; choice: DayChoice } | null;
  /** True while the backend is being asked. */
  loading: boolean;
  /** True when `insights` is what this device remembered, and the backend has not confirmed it. */
  remembered: boolean;
  /** Why the last request failed; what is shown stays. */
  error: AppError | null;
}

export interface InsightsViewOptions {
  portal: InsightsPortal;
  cache: InsightsCache;
  userId: () => string | null;
  clock: Pick<ServerClock, 'now'>;
}

const NOTHING: InsightsViewState = {
  locations: null,
  location: null,
  choice: 'today',
  insights: null,
  shownFor: null,
  loading: false,
  remembered: false,
  error: null,
};

/** The Store page's state. The latest call wins; an older one that answers late is ignored. */
export class InsightsView {
  readonly #options: InsightsViewOptions;
  readonly #state = new ObservableValue<InsightsViewState>(NOTHING);
  #run = 0;
  #abort: AbortController | null = null;

  constructor(options: InsightsViewOptions) {
    this.#options = options;
  }

  get state(): Observable<InsightsViewState> {
    return this.#state;
  }

  /** Forgets everything: for sign-out. */
  clear(): void {
    this.#begin();
    this.#state.set(NOTHING);
  }

  /**
   * Shows a location and day: cached numbers at once, the backend's when they come.
   * Ends when the backend has answered or failed; never rejects.
   * @param locationId default: the one shown, else the first
   */
  async open(locationId?: string, choice: DayChoice = this.#state.value.choice): Promise<void> {
    const userId = this.#options.userId();
    if (userId === null) return;
    const { run, signal } = this.#begin();
    const wanted = locationId ?? this.#state.value.location?.id;
    const { location, choice: before, error } = this.#state.value;
    // Why the last time failed stays true until this one has an answer.
    const isAgain = wanted === location?.id && choice === before;
    this.#state.patch({ loading: true, error: isAgain ? error : null, choice });
    await this.#showCached(run, userId, wanted);
    try {
      await this.#showFresh(run, userId, wanted, signal);
    } catch (error) {
      if (run !== this.#run) return;
      this.#state.patch({ loading: false, error: toAppError(error, 'unavailable') });
    }
  }

  /** The same again from the backend. */
  refresh(): Promise<void> {
    return this.open();
  }

  #begin(): { run: number; signal: AbortSignal } {
    this.#abort?.abort();
    this.#abort = new AbortController();
    this.#run += 1;
    return { run: this.#run, signal: this.#abort.signal };
  }

  async #showCached(run: number, userId: string, wanted: string | undefined): Promise<void> {
    const locations = this.#state.value.locations ?? (await this.#options.cache.locations(userId));
    if (run !== this.#run || !locations) return;
    const location = pick(locations, wanted);
    if (!location) return;
    const { choice } = this.#state.value;
    const shownFor = { locationId: location.id, choice };
    if (isSame(this.#state.value.shownFor, shownFor)) return;
    const insights = await this.#newestKept(userId, location, choice);
    if (run !== this.#run) return;
    const remembered = insights !== null;
    this.#state.patch({ locations, location, insights, shownFor, remembered });
  }

  /** Today may not be kept; then the newest day that is. */
  #newestKept(userId: string, location: Location, choice: DayChoice): Promise<Insights | null> {
    const { cache, clock } = this.#options;
    if (choice === 'today') return cache.newest(userId, location.id);
    const yesterday = addDays(civilDate(clock.now(), location.time_zone), -1);
    return cache.newest(userId, location.id, yesterday);
  }

  async #showFresh(
    run: number,
    userId: string,
    wanted: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const locations = await this.#options.portal.locations(signal);
    if (run !== this.#run) return;
    await this.#options.cache.putLocations(userId, locations);
    const location = pick(locations, wanted);
    if (!location) {
      const error = locations.length > 0 ? unknownLocation() : null;
      this.#state.patch({ ...NOTHING, locations, error });
      return;
    }
    const { choice } = this.#state.value;
    const insights = await this.#options.portal.insights(location.id, choice, signal);
    if (run !== this.#run) return;
    const shownFor = { locationId: location.id, choice };
    const shown = { insights, shownFor, loading: false, remembered: false, error: null };
    this.#state.patch({ locations, location, ...shown });
    await this.#options.cache.putInsights(userId, insights);
  }
}

function pick(locations: readonly Location[], wanted: string | undefined): Location | null {
  if (wanted === undefined) return locations[0] ?? null;
  return locations.find((l) => l.id === wanted) ?? null;
}

function isSame(
  a: InsightsViewState['shownFor'],
  b: NonNullable<InsightsViewState['shownFor']>,
): boolean {
  return a?.locationId === b.locationId && a.choice === b.choice;
}

function unknownLocation(): AppError {
  return new AppError('not_found', msg('There is no such location among yours.'), {
    hint: msg('Open your store from the menu.'),
  });
}
