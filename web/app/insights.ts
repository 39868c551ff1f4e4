/**
 * What the Store page shows: one location, or all together, on one day or in one week, from the
 * cache at once and from the backend after. Knows neither IndexedDB nor HTTP, nor how a number is
 * drawn.
 */

import { msg } from '@lit/localize';
import type { Insights, WeekInsights } from '../../shared/contracts/insights.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { addDays, civilDate, clockMs } from '../../shared/metrics/time-zone.ts';
import { parseIsoUtc } from '../../shared/time.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { ServerClock } from './server-clock.ts';

/** The portal, as far as this page needs it. Rejects with AppError only. */
export interface InsightsPortal {
  locations(signal?: AbortSignal): Promise<Location[]>;
  /** Which date that is, by the shop's calendar, is the server's to say. */
  insights(
    locationId: string,
    day: DayChoice,
    signal?: AbortSignal,
    against?: string,
  ): Promise<Insights>;
  /** The seven days up to one, which the choice names. */
  week(
    locationId: string,
    day: DayChoice,
    signal?: AbortSignal,
    against?: string,
  ): Promise<WeekInsights>;
}

/** Last answers, kept on this device for the person who is signed in. Never rejects. */
export interface InsightsCache {
  locations(userId: string): Promise<Location[] | null>;
  putLocations(userId: string, locations: Location[]): Promise<void>;
  /** The newest day that is kept, not after `upTo` (a date of the shop's calendar). */
  newest(userId: string, locationId: string, upTo?: string): Promise<Insights | null>;
  putInsights(userId: string, insights: Insights): Promise<void>;
  /** The week that is kept of those that end on `upTo` or before. */
  newestWeek(userId: string, locationId: string, upTo?: string): Promise<WeekInsights | null>;
  putWeek(userId: string, week: WeekInsights): Promise<void>;
}

/** A word, or a date of the shop's calendar. */
export type DayChoice = 'today' | 'yesterday' | (string & {});

/** A day, or the seven up to one. */
export type Range = 'day' | 'week';

/** What somebody chose to see; what is left out stays as it is. */
export interface Choice {
  day?: DayChoice;
  range?: Range;
  /** What it is compared with: a day, or a week's last one; null = as usual. */
  against?: string | null;
}

export interface InsightsViewState {
  /** null while not even the cache has answered. */
  locations: readonly Location[] | null;
  location: Location | null;
  choice: DayChoice;
  range: Range;
  /** null = the same weekday, or week, before. */
  against: string | null;
  /** Its own `day` says which day it is: offline, the newest that is kept. null for a week. */
  insights: Insights | null;
  /** null for a day. */
  week: WeekInsights | null;
  /** Today, where it says so little yet that `insights` are of yesterday; nobody chose that. */
  early: Insights | null;
  /** What is shown was shown for; another choice or place may be on its way. */
  shownFor: { locationId: string; key: string } | null;
  /** True while the backend is being asked. */
  loading: boolean;
  /** What is shown is what this device remembered, and the backend has not confirmed it. */
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
  range: 'day',
  against: null,
  insights: null,
  week: null,
  early: null,
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
  /** Whether somebody said which day; until then it is today, or yesterday while that is little. */
  #isChosen = false;
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
    this.#isChosen = false;
    this.#state.set(NOTHING);
  }

  /**
   * Shows a location and day: cached numbers at once, the backend's when they come.
   * Ends when the backend has answered or failed; never rejects.
   * @param locationId default: the one shown, else the first
   */
  async open(locationId?: string, chosen: DayChoice | Choice = {}): Promise<void> {
    const userId = this.#options.userId();
    if (userId === null) return;
    const { run, signal } = this.#begin();
    const before = this.#state.value;
    const wanted = locationId ?? before.location?.id;
    const { day, ...more } = typeof chosen === 'string' ? { day: chosen } : chosen;
    if (day !== undefined || more.range === 'week') this.#isChosen = true;
    const choice = day ?? before.choice;
    const { range = before.range, against = before.against } = more;
    // Why the last time failed stays true until this one has an answer.
    const isAgain =
      wanted === before.location?.id && keyOf(before) === keyOf({ choice, range, against });
    const error = isAgain ? before.error : null;
    this.#state.patch({ loading: true, error, choice, range, against });
    // Before this device is asked what it keeps: opening its database takes its time.
    const asked = this.#options.portal.locations(signal);
    asked.catch(() => {}); // told below
    await this.#showCached(run, userId, wanted);
    try {
      await this.#showFresh(run, userId, wanted, { asked, signal });
    } catch (error) {
      if (run !== this.#run) return;
      this.#state.patch({ loading: false, error: toAppError(error, 'unavailable') });
    }
  }

  /** What is asked for at present; compare with `shownFor`. */
  get key(): string {
    return keyOf(this.#state.value);
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
    const shownFor = { locationId: location.id, key: keyOf(this.#state.value) };
    if (isSame(this.#state.value.shownFor, shownFor)) return;
    const kept = await this.#kept(userId, location);
    if (run !== this.#run) return;
    const remembered = kept.insights !== null || kept.week !== null;
    this.#state.patch({ locations, location, ...kept, shownFor, remembered });
  }

  async #kept(userId: string, location: Location): Promise<Shown> {
    const { choice, range } = this.#state.value;
    if (range === 'week') {
      const upTo = this.#lastDay(location, choice);
      const week = await this.#options.cache.newestWeek(userId, location.id, upTo);
      return { insights: null, week, early: null };
    }
    const insights = await this.#newestKept(userId, location, choice);
    if (this.#isChosen || insights === null || !this.#isEarly(insights))
      return { insights, week: null, early: null };
    const yesterday = await this.#newestKept(userId, location, addDays(insights.day, -1));
    return yesterday
      ? { insights: yesterday, week: null, early: insights }
      : { insights, week: null, early: null };
  }

  /** Up to which day what is kept may be shown; undefined = the newest, whatever day it is. */
  #lastDay(location: Location, choice: DayChoice): string | undefined {
    if (choice === 'today') return undefined;
    if (choice !== 'yesterday') return choice;
    return addDays(civilDate(this.#options.clock.now(), location.time_zone), -1);
  }

  /** Today may not be kept; then the newest day that is. */
  async #newestKept(
    userId: string,
    location: Location,
    choice: DayChoice,
  ): Promise<Insights | null> {
    const upTo = this.#lastDay(location, choice);
    const kept = await this.#options.cache.newest(userId, location.id, upTo);
    // Somebody who asks for a date is not served with another.
    const isDate = choice !== 'today' && choice !== 'yesterday';
    return isDate && kept?.day !== choice ? null : kept;
  }

  async #showFresh(
    run: number,
    userId: string,
    wanted: string | undefined,
    { asked, signal }: { asked: Promise<Location[]>; signal: AbortSignal },
  ): Promise<void> {
    const locations = await asked;
    if (run !== this.#run) return;
    await this.#options.cache.putLocations(userId, locations);
    const location = pick(locations, wanted);
    if (!location) {
      const error = locations.length > 0 ? unknownLocation() : null;
      this.#state.patch({ ...NOTHING, locations, error });
      return;
    }
    const shown = await this.#ask(location, locations, signal);
    if (run !== this.#run) return;
    const shownFor = { locationId: location.id, key: keyOf(this.#state.value) };
    const done = { shownFor, loading: false, remembered: false, error: null };
    this.#state.patch({ locations, location, ...shown, ...done });
    if (this.#state.value.against !== null) return;
    const { cache } = this.#options;
    for (const day of [shown.insights, shown.early]) if (day) await cache.putInsights(userId, day);
    if (shown.week) await cache.putWeek(userId, shown.week);
  }

  /** What was chosen, from the backend; yesterday where nobody chose and today says little yet. */
  async #ask(
    location: Location,
    locations: readonly Location[],
    signal: AbortSignal,
  ): Promise<Shown> {
    const { portal } = this.#options;
    const { choice, range, against } = this.#state.value;
    const other = against ?? undefined;
    const places = location.id === ALL_SHOPS ? locations : [location];
    const each = <T>(ask: (id: string) => Promise<T>) => Promise.all(places.map((p) => ask(p.id)));
    if (range === 'week') {
      const weeks = await each((id) => portal.week(id, choice, signal, other));
      return { insights: null, week: await together('sumWeeks', weeks, location), early: null };
    }
    const ask = async (day: DayChoice, beside?: string) =>
      together(
        'sumInsights',
        await each((id) => portal.insights(id, day, signal, beside)),
        location,
      );
    const insights = await ask(choice, other);
    if (this.#isChosen || !insights || !this.#isEarly(insights))
      return { insights, week: null, early: null };
    const yesterday = await ask('yesterday');
    if (!yesterday?.visitors) return { insights, week: null, early: null };
    return { insights: yesterday, week: null, early: insights };
  }

  /** Of a kept day that is not today any more nobody would say so. */
  #isEarly(insights: Insights): boolean {
    const nowMs = this.#options.clock.now();
    const today = civilDate(nowMs, insights.location.time_zone);
    return insights.day === today && isEarly(insights, nowMs);
  }
}

type Shown = Pick<InsightsViewState, 'insights' | 'week' | 'early'>;

type Sums = typeof import('./insights-sum.ts');

/** One shop's numbers as they are, those of several added up. */
async function together<K extends keyof Sums>(
  sum: K,
  all: Parameters<Sums[K]>[0],
  location: Location,
): Promise<ReturnType<Sums[K]> | null> {
  type Added = (all: Parameters<Sums[K]>[0], location: Location) => ReturnType<Sums[K]>;
  if (all.length === 1) return all[0] as ReturnType<Sums[K]>;
  const sums = await import('./insights-sum.ts');
  return (sums[sum] as unknown as Added)(all, location);
}

/** Fewer visitors than that say nothing of a day. */
const VISITORS_MIN = 5;
const NOON_MS = 12 * 3_600_000;

/**
 * Whether a day says next to nothing yet: the shop has not opened; or hardly anybody came, and it
 * is morning, or hardly anybody had come by now a week before. A sensor that fell silent is news,
 * at whatever time.
 */
function isEarly(insights: Insights, nowMs: number): boolean {
  const { visitors, comparison, location, units, opens_at } = insights;
  if (units.total === 0) return false;
  if (opens_at && nowMs < Date.parse(opens_at)) return true;
  if ((visitors ?? 0) >= VISITORS_MIN) return false;
  const isMorning = clockMs(nowMs, location.time_zone) < NOON_MS;
  return isMorning || (comparison !== null && comparison.visitors_week_before < VISITORS_MIN);
}

/** What a link names: a mail leads to its week. @param search of an address, with anything in it */
export function choiceIn(search: string): Choice {
  const query = new URLSearchParams(search);
  const [range, day] = [query.get('range'), query.get('day') ?? ''];
  // what is no date of a calendar is as good as none
  if (day.length !== 10 || parseIsoUtc(day) === null) return {};
  return { day, range: range === 'week' ? 'week' : 'day' };
}

/** Everything that makes it another question. */
function keyOf({
  choice,
  range,
  against,
}: Pick<InsightsViewState, 'choice' | 'range' | 'against'>): string {
  return [range, choice, against ?? ''].join(' ');
}

/** Stands for all shops together: no id of a location has a plus. */
export const ALL_SHOPS = '+all';

function pick(locations: readonly Location[], wanted: string | undefined): Location | null {
  const [first] = locations;
  // whoever has one shop has no sum of several
  if (wanted === ALL_SHOPS && first && locations.length > 1)
    return { id: ALL_SHOPS, name: '', time_zone: first.time_zone };
  if (wanted === undefined) return locations[0] ?? null;
  return locations.find((l) => l.id === wanted) ?? null;
}

function isSame(
  a: InsightsViewState['shownFor'],
  b: NonNullable<InsightsViewState['shownFor']>,
): boolean {
  return a?.locationId === b.locationId && a.key === b.key;
}

function unknownLocation(): AppError {
  return new AppError('not_found', msg('There is no such location among yours.'), {
    hint: msg('Open your store from the menu.'),
  });
}
