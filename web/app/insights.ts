/**
 * What the Store page shows: one location on one day, from the cache at once and from the backend
 * after. Knows neither IndexedDB nor HTTP, nor how a number is drawn.
 */
import type { Insights } from '../../shared/contracts/insights.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { civilDay, shiftDay } from './insights-day.ts';
import { type Observable, ObservableValue } from './observable.ts';

/** The backend, as far as this page needs it. Rejects with AppError only. */
export interface InsightsSource {
  locations(signal?: AbortSignal): Promise<Location[]>;
  insights(locationId: string, day: string, signal?: AbortSignal): Promise<Insights>;
}

/** Last answers, kept on this device for the person who is signed in. Never rejects. */
export interface InsightsCache {
  locations(userId: string): Promise<Location[] | null>;
  putLocations(userId: string, locations: Location[]): Promise<void>;
  insights(userId: string, locationId: string, day: string): Promise<Insights | null>;
  putInsights(userId: string, insights: Insights): Promise<void>;
}

export type DayChoice = 'today' | 'yesterday';

export interface StoreState {
  /** null while not even the cache has answered. */
  locations: readonly Location[] | null;
  location: Location | null;
  choice: DayChoice;
  /** The day shown, in the location's time zone. */
  day: string | null;
  insights: Insights | null;
  /** True while the backend is being asked. */
  loading: boolean;
  /** True when `insights` is what this device remembered, and the backend has not confirmed it. */
  remembered: boolean;
  /** Why the last request failed; what is shown stays. */
  error: AppError | null;
}

export interface StoreOptions {
  source: InsightsSource;
  cache: InsightsCache;
  userId: () => string | null;
  /** Unix milliseconds. */
  now: () => number;
}

const NOTHING: StoreState = {
  locations: null,
  location: null,
  choice: 'today',
  day: null,
  insights: null,
  loading: false,
  remembered: false,
  error: null,
};

/** The Store page's state. The latest call wins; an older one that answers late is ignored. */
export class Store {
  readonly #options: StoreOptions;
  readonly #state = new ObservableValue<StoreState>(NOTHING);
  #run = 0;
  #abort: AbortController | null = null;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  get state(): Observable<StoreState> {
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
    this.#state.patch({ loading: true, error: null, choice });
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
    const day = this.#dayOf(location);
    if (shows(this.#state.value, location.id, day)) return;
    const insights = await this.#options.cache.insights(userId, location.id, day);
    if (run !== this.#run) return;
    this.#state.patch({ locations, location, day, insights, remembered: insights !== null });
  }

  async #showFresh(
    run: number,
    userId: string,
    wanted: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const locations = await this.#options.source.locations(signal);
    if (run !== this.#run) return;
    await this.#options.cache.putLocations(userId, locations);
    const location = pick(locations, wanted);
    if (!location) {
      const error = locations.length > 0 ? unknownLocation() : null;
      this.#state.patch({ ...NOTHING, locations, error });
      return;
    }
    const day = this.#dayOf(location);
    const insights = await this.#options.source.insights(location.id, day, signal);
    if (run !== this.#run) return;
    const shown = { insights, loading: false, remembered: false, error: null };
    this.#state.patch({ locations, location, day, ...shown });
    await this.#options.cache.putInsights(userId, insights);
  }

  #dayOf(location: Location): string {
    const today = civilDay(this.#options.now(), location.time_zone);
    return this.#state.value.choice === 'today' ? today : shiftDay(today, -1);
  }
}

function pick(locations: readonly Location[], wanted: string | undefined): Location | null {
  if (wanted === undefined) return locations[0] ?? null;
  return locations.find((l) => l.id === wanted) ?? null;
}

function shows(state: StoreState, locationId: string, day: string): boolean {
  return state.insights?.location.id === locationId && state.insights.day === day;
}

function unknownLocation(): AppError {
  return new AppError('not_found', 'There is no such location among yours.', {
    hint: 'Open your store from the menu.',
  });
}
