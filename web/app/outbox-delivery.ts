/**
 * Delivers what waits in the outbox: in order, one at a time, until it is empty, something is
 * refused or the network is gone. Exactly once in effect: the request is idempotent (the same hash
 * for the same id answers like the first time), and an entry leaves only after its answer. The
 * request says how old its token is: one that has been replaced since is refused.
 */
import { type AppError, toAppError } from '../../shared/errors.ts';
import { outcomeOf } from '../../shared/outcome.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { Outbox, OutboxEntry, UnitsPortal } from './ports.ts';

export interface DeliveryState {
  /** Everything that the backend does not know yet, oldest first. */
  entries: readonly OutboxEntry[];
  delivering: boolean;
  /** Why delivery stopped before the end, e.g. offline or signed out; null = it did not. */
  stopped: AppError | null;
  /** SHA-256 of the tokens that the backend has taken since the page was opened. */
  delivered: readonly string[];
}

/** The outbox's clerk. */
export class OutboxDelivery {
  readonly #outbox: Outbox;
  readonly #portal: Pick<UnitsPortal, 'register'>;
  readonly #state = new ObservableValue<DeliveryState>({
    entries: [],
    delivering: false,
    stopped: null,
    delivered: [],
  });
  readonly #now: () => number;
  #running: Promise<void> | null = null;

  /** @param now Unix milliseconds by the clock that the outbox notes `queuedAt` by */
  constructor(outbox: Outbox, portal: Pick<UnitsPortal, 'register'>, now = () => Date.now()) {
    this.#outbox = outbox;
    this.#portal = portal;
    this.#now = now;
  }

  get state(): Observable<DeliveryState> {
    return this.#state;
  }

  /** Reads the list anew; call it after something was put in. Never rejects. */
  async reload(): Promise<void> {
    try {
      this.#state.patch({ entries: await this.#outbox.list() });
    } catch (error) {
      this.#state.patch({ stopped: toAppError(error) });
    }
  }

  /** Tries everything that waits. A call while one runs joins it. Never rejects. */
  deliver(): Promise<void> {
    this.#running ??= this.#deliver().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Takes a refused entry out, on purpose. */
  async discard(id: number): Promise<void> {
    await this.#outbox.remove(id);
    await this.reload();
  }

  /** Sends a refused entry again, this time to take the id over from the other unit. */
  async replace(id: number): Promise<void> {
    const entry = this.#state.value.entries.find((e) => e.id === id);
    if (!entry) return;
    await this.#outbox.add({ ...entry.request, replace: true });
    await this.#outbox.remove(id);
    await this.deliver();
  }

  async #deliver(): Promise<void> {
    await this.reload();
    if (!this.#next()) return;
    this.#state.patch({ delivering: true, stopped: null });
    try {
      // The list is read anew before each: meanwhile a unit may have been prepared again, and only
      // its latest token is of use.
      let settled: number | null = null;
      for (let entry = this.#next(); entry && entry.id !== settled; entry = this.#next()) {
        const failure = await this.#send(entry);
        if (failure) return this.#state.patch({ stopped: failure });
        settled = entry.id; // still the first after this: the list could not be read
        await this.reload();
      }
    } catch (error) {
      this.#state.patch({ stopped: toAppError(error) });
    } finally {
      await this.reload();
      this.#state.patch({ delivering: false });
    }
  }

  #next(): OutboxEntry | undefined {
    return this.#state.value.entries.find((e) => e.refused === null);
  }

  /** null when the entry is settled, one way or the other; else why to stop for now. */
  async #send(entry: OutboxEntry): Promise<AppError | null> {
    try {
      // What others did to the unit since then must not be undone by what waited here.
      const token_age_s = Math.max(0, Math.floor((this.#now() - entry.queuedAt) / 1000));
      await this.#portal.register({ ...entry.request, token_age_s });
      const { delivered } = this.#state.value;
      this.#state.patch({ delivered: [...delivered, entry.request.token_sha256] });
      await this.#outbox.remove(entry.id);
      return null;
    } catch (error) {
      const failure = toAppError(error, 'unavailable');
      // Answers that will not change by themselves: the entry is kept, shown, and not sent again.
      if (outcomeOf(failure.code) !== 'give_up') return failure;
      await this.#outbox.refuse(entry.id, failure.message);
      return null;
    }
  }
}
