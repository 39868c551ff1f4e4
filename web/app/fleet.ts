/**
 * The sensors that somebody looks after, as the list shows them: from this device at once, from the
 * backend after, page by page. Knows neither IndexedDB nor HTTP, nor how a sensor is drawn.
 */
import type { FleetPage, FleetUnit } from '../../shared/contracts/fleet.ts';
import { type AppError, toAppError } from '../../shared/errors.ts';
import type { AnswerCache } from './answers.ts';
import { keepFleet, keptFleet } from './fleet-cache.ts';
import { type Observable, ObservableValue } from './observable.ts';

/** The portal, as far as the list needs it. Rejects with AppError only. */
export interface FleetPortal {
  /** @param cursor of the page before; null = the first */
  fleet(cursor: string | null, signal?: AbortSignal): Promise<FleetPage>;
}

export interface FleetState {
  units: readonly FleetUnit[];
  /** Of what moment they are, Unix milliseconds; null = nothing is known yet. */
  asOf: number | null;
  /** More is on its way. */
  loading: boolean;
  /** Why it could not be had anew. */
  error: AppError | null;
}

const NOTHING: FleetState = { units: [], asOf: null, loading: false, error: null };

export interface FleetParts {
  portal: FleetPortal;
  cache: AnswerCache;
  userId: () => string | null;
  /** Unix milliseconds by the backend's clock. */
  now: () => number;
}

/** The list of sensors. */
export class FleetView {
  readonly #parts: FleetParts;
  readonly #state = new ObservableValue<FleetState>(NOTHING);
  #loading: AbortController | null = null;
  /** Whose list it is. */
  #userId: string | null = null;

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  get state(): Observable<FleetState> {
    return this.#state;
  }

  /** Forgets everything, as when somebody signs out. */
  clear(): void {
    this.#loading?.abort();
    this.#loading = null;
    this.#userId = null;
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
        if (!own.signal.aborted) this.#state.patch({ units });
      });
      if (own.signal.aborted) return;
      if (kept) this.#state.patch({ units: kept.answer, asOf: kept.at });
    }
    try {
      await this.#ask(own.signal);
    } catch (cause) {
      if (!own.signal.aborted) this.#state.patch({ loading: false, error: toAppError(cause) });
    }
  }

  /** Lays a sensor that was just changed over its row; one that is not in the list stays out. */
  replace(unit: FleetUnit): void {
    const { units } = this.#state.value;
    const at = units.findIndex(({ device_id }) => device_id === unit.device_id);
    if (at >= 0) this.#state.patch({ units: units.with(at, unit) });
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
      if (isFirst && cursor !== null) this.#state.patch({ units: [...units] });
    } while (cursor !== null);
    this.#state.patch({ units, asOf, loading: false });
    await keepFleet(cache, units, crypto.randomUUID());
  }
}
