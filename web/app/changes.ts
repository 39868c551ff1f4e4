/**
 * What a person changes of a shop or a sensor, kept on this device before it is sent: each change
 * with a key of its own, whose it is, and what it was made on. In order; one that the backend has
 * not taken stays with the reason, and shows both values where somebody else was faster. Knows
 * neither IndexedDB nor HTTP, nor when the backend can be reached (outbox-delivery.ts).
 */
import { msg } from '@lit/localize';
import { AppError, type ErrorCode, toAppError } from '../../shared/errors.ts';
import { outcomeOf } from '../../shared/outcome.ts';
import { type Observable, ObservableValue } from './observable.ts';
import { madeOn, subjectOf, type Wish } from './wishes.ts';

export type { Wish } from './wishes.ts';

/** Why a change will not be taken as it is. */
export type Trouble =
  | { kind: 'refused'; code: ErrorCode; message: string; hint: string; isForeign: boolean }
  /** Somebody else has changed it meanwhile, to this, in the form of `seen`. */
  | { kind: 'conflict'; present: unknown };

export interface NewChange {
  /** A UUID: the backend counts a key once. */
  key: string;
  /** Whose it is: the user id. Nobody else sends it, or sees it. */
  account: string;
  /** A location's id, or a sensor's. */
  place: string;
  /** Unix milliseconds. */
  queuedAt: number;
  wish: Wish;
  /** null while it only waits. */
  trouble: Trouble | null;
}

export interface Change extends NewChange {
  /** Given by the box; counts up over everything that waits. */
  id: number;
}

/** Keeps changes over page loads. Rejects with AppError where the browser keeps nothing. */
export interface ChangeBox {
  add(change: NewChange): Promise<Change>;
  /** One person’s, oldest first. */
  list(account: string): Promise<Change[]>;
  /** Writes one anew; one that has left stays away. */
  put(change: Change): Promise<void>;
  remove(id: number): Promise<void>;
  /** Takes out what is not this person’s; null: what anybody changed. */
  keepOnly(account: string | null): Promise<void>;
  /** How many there are, whosever. */
  count(): Promise<number>;
}

/** The portal, as far as this needs it. Rejects with AppError; a `conflict` has `present`. */
export interface ChangePortal {
  /** @param agoMs how long ago the person asked for it, by this device's clock */
  change(place: string, wish: Wish, key: string, agoMs: number): Promise<void>;
}

export interface ChangesOptions {
  box: ChangeBox;
  portal: ChangePortal;
  account: () => string | null;
  /** Unix milliseconds. */
  now: () => number;
  newKey: () => string;
  /** Tries to deliver all that waits. Never rejects. */
  deliver: () => Promise<void>;
}

/** What became of a change at once. */
export type Fate = 'stored' | 'waiting' | 'troubled';

/** How a change got through. */
export interface Settlement {
  /** Not stored: this is there instead. */
  instead?: { present: unknown };
  /** Stored at the first try. Otherwise it may have been before, and changed by others since. */
  isFirstTry: boolean;
}

/** Hears when a change is through; what waited leaves once this has noted what is there now. */
export type Settled = (change: Change, how: Settlement) => unknown;

const isAlike = (a: NewChange, b: NewChange) =>
  a.place === b.place && subjectOf(a.wish) === subjectOf(b.wish);

export class Changes {
  readonly #options: ChangesOptions;
  readonly #state = new ObservableValue<readonly Change[]>([]);
  readonly #listeners = new Set<Settled>();
  /** What this browser would not keep: it lives as long as the page. Ids below nothing. */
  #unkept: Change[] = [];
  /** Keys of changes that were never sent before. */
  readonly #unsent = new Set<string>();
  #lastUnkept = 0;

  constructor(options: ChangesOptions) {
    this.#options = options;
  }

  /** Of the person who is signed in, oldest first. */
  get state(): Observable<readonly Change[]> {
    return this.#state;
  }

  onSettled(fn: Settled): void {
    this.#listeners.add(fn);
  }

  /** Whether something waits that will be gone when the page closes. */
  get isUnkept(): boolean {
    return this.#unkept.length > 0;
  }

  /** Reads the list anew. Never rejects. */
  async reload(): Promise<void> {
    const { box, account } = this.#options;
    const user = account();
    const kept = user === null ? [] : await box.list(user).catch(() => []);
    this.#unkept = this.#unkept.filter((change) => change.account === user);
    if (user !== account()) return;
    this.#state.set([...kept, ...this.#unkept]);
  }

  /**
   * Keeps a change, then tries to send it. What was in trouble about the same thing gives way: the
   * person has looked at it and says something new.
   * @throws AppError `unauthenticated` when nobody is signed in
   */
  async put(place: string, wish: Wish): Promise<Fate> {
    const { account, now, newKey, deliver } = this.#options;
    const user = account();
    if (user === null) throw new AppError('unauthenticated', msg('Nobody is signed in.'));
    const made: NewChange = {
      ...{ key: newKey(), account: user, place, queuedAt: now(), wish },
      trouble: null,
    };
    for (const before of this.#state.value)
      if (before.trouble && isAlike(before, made)) await this.#remove(before.id);
    const change = await this.#add(made);
    this.#unsent.add(made.key);
    await this.reload();
    await deliver();
    const after = this.#state.value.find(({ id }) => id === change.id);
    if (!after) return 'stored';
    return after.trouble ? 'troubled' : 'waiting';
  }

  /** Sends one in trouble again, now that the person has seen what is there. */
  async again(id: number, wish?: Wish): Promise<void> {
    const change = this.#state.value.find((one) => one.id === id);
    if (!change?.trouble) return; // it is on its way under its own key
    const key = this.#options.newKey();
    const queuedAt = this.#options.now();
    await this.#put({ ...change, key, queuedAt, wish: wish ?? change.wish, trouble: null });
    await this.reload();
    await this.#options.deliver();
  }

  /** Takes one out on purpose. */
  async discard(id: number): Promise<void> {
    await this.#remove(id);
    await this.reload();
  }

  /** How many wait here, whosever they are: for the page on which nobody is signed in. */
  async count(): Promise<number> {
    const kept = await this.#options.box.count().catch(() => 0);
    return kept + this.#unkept.length;
  }

  /** Takes out what is not this person’s; null: everybody’s. */
  async keepOnly(account: string | null): Promise<void> {
    this.#unkept = this.#unkept.filter((change) => change.account === account);
    await this.#options.box.keepOnly(account).catch((error: unknown) => {
      console.debug('What waited could not be taken out.', error);
    });
    await this.reload();
  }

  /** Those that may be sent now, in order: none behind one about the same thing that cannot. */
  ready(held: ReadonlySet<number>): Change[] {
    const all = this.#state.value;
    const isStuck = (change: Change) => change.trouble !== null || held.has(change.id);
    return all.filter(
      (change, i) =>
        !isStuck(change) &&
        !all.slice(0, i).some((before) => isStuck(before) && isAlike(before, change)),
    );
  }

  /** Sends one. @returns null when it is settled, one way or the other; else why it waits on */
  async send(change: Change): Promise<AppError | null> {
    const { portal, account, now } = this.#options;
    const isFirstTry = this.#unsent.delete(change.key);
    if (account() !== change.account)
      return new AppError('cancelled', msg('Somebody else has signed in on this browser.'));
    try {
      const { place, wish, key, queuedAt } = change;
      await portal.change(place, wish, key, Math.max(0, now() - queuedAt));
    } catch (cause) {
      const failure = toAppError(cause, 'unavailable');
      const isFinal = failure.code === 'forbidden' || outcomeOf(failure.code) === 'give_up';
      if (!isFinal) return failure;
      await this.#trouble(change, failure);
      return null;
    }
    // In this order: a page that is closed in between must not show again what is no more.
    await this.#tell(change, { isFirstTry });
    await this.#remove(change.id);
    return null;
  }

  /** What was said later about the same thing is what the person wants; it was made on the same. */
  async #trouble(change: Change, failure: AppError): Promise<void> {
    const { present, code, message, hint, isForeign } = failure;
    const later = this.#state.value.filter((one) => one.id > change.id && isAlike(one, change));
    const last = later.at(-1);
    const wish = later.reduce((before, one) => madeOn(one.wish, before), change.wish);
    for (const { id } of later) await this.#remove(id);
    if (code === 'conflict' && present !== undefined) {
      await this.#put({ ...change, wish, trouble: { kind: 'conflict', present } });
      return await this.#tell(change, { instead: { present }, isFirstTry: true });
    }
    // Only this one was refused; the next may be right.
    const { key, queuedAt } = last ?? change;
    const trouble: Trouble | null = last
      ? null
      : { kind: 'refused', code, message, hint, isForeign };
    await this.#put({ ...change, key, queuedAt, wish, trouble });
  }

  async #tell(change: Change, how: Settlement): Promise<void> {
    await Promise.all([...this.#listeners].map((listener) => listener(change, how)));
  }

  async #add(made: NewChange): Promise<Change> {
    try {
      return await this.#options.box.add(made);
    } catch (error) {
      console.debug('This browser would not keep a change.', error);
      this.#lastUnkept -= 1;
      const change = { ...made, id: this.#lastUnkept };
      this.#unkept.push(change);
      return change;
    }
  }

  async #put(change: Change): Promise<void> {
    if (change.id > 0) await this.#options.box.put(change);
    else this.#unkept = this.#unkept.map((one) => (one.id === change.id ? change : one));
  }

  async #remove(id: number): Promise<void> {
    if (id > 0) await this.#options.box.remove(id);
    else this.#unkept = this.#unkept.filter((one) => one.id !== id);
  }
}
