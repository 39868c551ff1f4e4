/**
 * The sensors that somebody looks after, as the list shows them: from this device at once, from the
 * backend after, page by page, with what waits to be sent laid over them. Knows neither IndexedDB
 * nor HTTP, nor how a sensor is drawn.
 */
import type { FleetPage, FleetUnit } from '../../shared/contracts/fleet.ts';
import { type AppError, toAppError } from '../../shared/errors.ts';
import type { AnswerCache } from './answers.ts';
import type { Change, Changes } from './changes.ts';
import { changeKept, keepFleet, keptFleet } from './fleet-cache.ts';
import { type Observable, ObservableValue } from './observable.ts';
import { changesOf, rowLaidOver } from './sensor-facts.ts';
import { isOfSensor } from './wishes.ts';

/** The portal, as far as the list needs it. Rejects with AppError only. */
export interface FleetPortal {
  /** @param cursor of the page before; null = the first */
  fleet(cursor: string | null, signal?: AbortSignal): Promise<FleetPage>;
}

/** What became of the changes of a sensor: on their way, or one that somebody must look at. */
export type ChangeState = 'waiting' | 'troubled';

export interface FleetState {
  units: readonly FleetUnit[];
  /** By sensor, in the list or not any more. */
  changing: ReadonlyMap<string, ChangeState>;
  /** Of what moment they are, Unix milliseconds; null = nothing is known yet. */
  asOf: number | null;
  /** More is on its way. */
  loading: boolean;
  /** Why it could not be had anew. */
  error: AppError | null;
}

const NOTHING: FleetState = {
  ...{ units: [], changing: new Map(), asOf: null, loading: false, error: null },
};

export interface FleetParts {
  portal: FleetPortal;
  cache: AnswerCache;
  changes: Changes;
  userId: () => string | null;
  /** Unix milliseconds by the backend's clock. */
  now: () => number;
}

/** The list of sensors. */
export class FleetView {
  readonly #parts: FleetParts;
  readonly #state = new ObservableValue<FleetState>(NOTHING);
  #loading: AbortController | null = null;
  /** As the backend has them. */
  #stored: readonly FleetUnit[] = [];
  /** Whose list it is. */
  #userId: string | null = null;

  constructor(parts: FleetParts) {
    this.#parts = parts;
    const { changes } = parts;
    changes.onSettled((change, { instead }) => {
      if (!instead && isOfSensor(change.wish)) this.#learn(change);
    });
    changes.state.subscribe(() => this.#show({}));
  }

  get state(): Observable<FleetState> {
    return this.#state;
  }

  /** Forgets everything, as when somebody signs out. */
  clear(): void {
    this.#loading?.abort();
    this.#loading = null;
    this.#userId = null;
    this.#stored = [];
    this.#state.set(NOTHING);
  }

  /** Shows what is kept, then asks. A call while one runs begins anew. Never rejects. */
  async load(): Promise<void> {
    const userId = this.#parts.userId();
    if (userId !== this.#userId) this.clear();
    if (userId === null) return;
    this.#userId = userId;
    this.#loading?.abort();
    const own = new AbortController();
    this.#loading = own;
    this.#state.patch({ loading: true, error: null });
    if (this.#state.value.asOf === null) {
      const kept = await keptFleet(this.#parts.cache, (units) => {
        if (!own.signal.aborted) this.#show({}, units);
      });
      if (own.signal.aborted) return;
      if (kept) this.#show({ asOf: kept.at }, kept.answer);
    }
    try {
      await this.#ask(own.signal);
    } catch (cause) {
      if (!own.signal.aborted) this.#state.patch({ loading: false, error: toAppError(cause) });
    }
  }

  /** A change went through: its row is so now, until all is asked for anew. */
  #learn(change: Change): void {
    const at = this.#stored.findIndex(({ device_id }) => device_id === change.place);
    const row = this.#stored[at];
    const laid = (unit: FleetUnit) => rowLaidOver(unit, [change], this.#placeName);
    if (row) this.#stored = this.#stored.with(at, laid(row));
    // Opened without a network before all is asked for anew, the list says so as well.
    void changeKept(this.#parts.cache, change.place, laid);
  }

  readonly #placeName = (id: string): string | null =>
    this.#stored.find(({ location_id }) => location_id === id)?.location_name ?? null;

  /** @param stored as the backend has them; left out, as before */
  #show(more: Partial<FleetState>, stored = this.#stored): void {
    this.#stored = stored;
    const changes = this.#parts.changes.state.value.filter(({ wish }) => isOfSensor(wish));
    const changing = new Map<string, ChangeState>();
    for (const { place, trouble } of changes)
      if (trouble || !changing.has(place)) changing.set(place, trouble ? 'troubled' : 'waiting');
    const laid = (unit: FleetUnit) =>
      rowLaidOver(unit, changesOf(changes, unit.device_id), this.#placeName);
    const units =
      changing.size === 0
        ? stored
        : stored.map((unit) => (changing.has(unit.device_id) ? laid(unit) : unit));
    this.#state.patch({ ...more, units, changing });
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { portal, cache, now } = this.#parts;
    const asOf = now();
    // What is on the page stays until all of it is there anew, or rows would come and go.
    const isFirst = this.#state.value.asOf === null;
    const units: FleetUnit[] = [];
    let cursor: string | null = null;
    do {
      const page: FleetPage = await portal.fleet(cursor, signal);
      if (signal.aborted) return;
      units.push(...page.units);
      cursor = page.next_cursor;
      if (isFirst && cursor !== null) this.#show({}, [...units]);
    } while (cursor !== null);
    this.#show({ asOf, loading: false }, units);
    await keepFleet(cache, units, crypto.randomUUID());
  }
}
