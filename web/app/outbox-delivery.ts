/**
 * Delivers what waits in the outbox, registrations and changes: in order, one at a time, one tab at
 * a time, until it is empty or the backend is out of reach. Exactly once in effect: a request is
 * idempotent (the same hash for the same id, the same key for a change, answers like the first
 * time), and an entry leaves only after its answer. A registration says how old its token is: one
 * that has been replaced since is refused.
 */
import { type AppError, toAppError } from '../../shared/errors.ts';
import { outcomeOf } from '../../shared/outcome.ts';
import type { Change, Changes } from './changes.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { Outbox, OutboxEntry, UnitsPortal } from './ports.ts';

export interface DeliveryState {
  /** Every registration that the backend does not know yet, oldest first. */
  entries: readonly OutboxEntry[];
  /** Every change of the person who is signed in that it has not taken yet, oldest first. */
  changes: readonly Change[];
  delivering: boolean;
  /** Why something waits on, e.g. offline or signed out; null = nothing did. */
  stopped: AppError | null;
  /** SHA-256 of the tokens that the backend has taken since the page was opened. */
  delivered: readonly string[];
}

export interface DeliveryOptions {
  /** Unix milliseconds by the clock that the outbox notes `queuedAt` by. */
  now?: () => number;
  changes?: Changes;
  /** Runs it while no other tab of this browser does. */
  alone?: (work: () => Promise<void>) => Promise<void>;
  /** Something was taken out or marked: other tabs look again. */
  told?: () => void;
}

/** No server of ours asks for a longer pause. */
const PAUSE_MAX_S = 3600;

/** One thing to send. */
interface Item {
  id: number;
  /** null when it is settled, one way or the other; else why it waits on. */
  send(): Promise<AppError | null>;
}

/** The outbox's clerk. */
export class OutboxDelivery {
  readonly #outbox: Outbox;
  readonly #portal: Pick<UnitsPortal, 'register'>;
  readonly #options: DeliveryOptions;
  readonly #state = new ObservableValue<DeliveryState>({
    entries: [],
    changes: [],
    delivering: false,
    stopped: null,
    delivered: [],
  });
  #running: Promise<void> | null = null;
  /** Something came while it ran. */
  #isAsked = false;
  #isPaused = false;

  constructor(
    outbox: Outbox,
    portal: Pick<UnitsPortal, 'register'>,
    options: DeliveryOptions = {},
  ) {
    this.#outbox = outbox;
    this.#portal = portal;
    this.#options = options;
    options.changes?.state.subscribe((changes) => this.#state.patch({ changes }));
  }

  get state(): Observable<DeliveryState> {
    return this.#state;
  }

  /** Reads the list anew; call it after something was put in. Never rejects. */
  async reload(): Promise<void> {
    await this.#options.changes?.reload();
    try {
      this.#state.patch({ entries: await this.#outbox.list() });
    } catch (error) {
      this.#state.patch({ stopped: toAppError(error) });
    }
  }

  /** Tries everything that waits. A call while one runs joins it. Never rejects. */
  deliver(): Promise<void> {
    this.#isAsked = true;
    this.#running ??= this.#run().finally(() => {
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

  async #run(): Promise<void> {
    const { alone = (work) => work() } = this.#options;
    while (this.#isAsked) {
      this.#isAsked = false;
      await this.reload();
      if (this.#isPaused || !this.#next(new Set())) continue;
      try {
        await alone(() => this.#deliver());
      } catch (error) {
        this.#state.patch({ stopped: toAppError(error) });
      }
    }
  }

  async #deliver(): Promise<void> {
    this.#state.patch({ delivering: true, stopped: null });
    try {
      // The list is read anew before each: another tab, or a person, has changed it meanwhile. Of a
      // unit that was prepared again only its latest token is of use.
      const tried = new Set<number>();
      await this.reload();
      for (let item = this.#next(tried); item; item = this.#next(tried)) {
        tried.add(item.id);
        const failure = await item.send();
        if (failure) this.#state.patch({ stopped: this.#state.value.stopped ?? failure });
        if (failure && isForAll(failure)) return this.#pause(failure);
        await this.reload();
      }
    } catch (error) {
      this.#state.patch({ stopped: toAppError(error) });
    } finally {
      await this.reload();
      this.#state.patch({ delivering: false });
      this.#options.told?.();
    }
  }

  /** The server said how long. */
  #pause({ retryAfterS }: AppError): void {
    if (retryAfterS === undefined) return;
    this.#isPaused = true;
    const over = () => {
      this.#isPaused = false;
      void this.deliver();
    };
    setTimeout(over, Math.min(retryAfterS, PAUSE_MAX_S) * 1000);
  }

  /** The oldest that was not tried in this run. */
  #next(tried: ReadonlySet<number>): Item | undefined {
    const { entries } = this.#state.value;
    const registrations = entries
      .filter((entry) => entry.refused === null)
      .map((entry) => ({ id: entry.id, send: () => this.#register(entry) }));
    const { changes } = this.#options;
    const own = (changes?.ready(tried) ?? []).map((change) => {
      return { id: change.id, send: async () => (await changes?.send(change)) ?? null };
    });
    return [...registrations, ...own]
      .filter(({ id }) => !tried.has(id))
      .sort((a, b) => order(a.id) - order(b.id))[0];
  }

  async #register(entry: OutboxEntry): Promise<AppError | null> {
    try {
      // What others did to the unit since then must not be undone by what waited here.
      const now = this.#options.now?.() ?? Date.now();
      const token_age_s = Math.max(0, Math.floor((now - entry.queuedAt) / 1000));
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

/** What the browser would not keep is newer than all it keeps. */
const order = (id: number) => (id > 0 ? id : Number.MAX_SAFE_INTEGER / 2 - id);

/**
 * Whether the next would fare no better: there is no way to the backend, nobody is signed in, or it
 * asks for a pause. Otherwise it has answered, and a fault about one thing holds up no other.
 */
function isForAll({ code, isForeign }: AppError): boolean {
  if (code === 'unavailable') return !isForeign;
  return code === 'rate_limited' || code === 'unauthenticated' || code === 'cancelled';
}
