/**
 * Who is signed in on this page, and the token that proves it to the backend. Knows neither the
 * sign-in service nor where it keeps the session; both are behind {@link AuthPort}.
 */
import { msg } from '@lit/localize';
import type { Me } from '../../shared/contracts/portal.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { type Observable, ObservableValue } from './observable.ts';

/** A session as the sign-in service gave it. */
export interface AuthSession {
  userId: string;
  email: string;
  accessToken: string;
  /** Unix seconds by this device's clock: when it came, and how long the service said it lives. */
  expiresAt: number;
}

/** The password was right; the code of the second factor is missing, and nothing is kept yet. */
export interface CodeAsked {
  /** Rejects with `invalid` when it is not the right one; it can be tried again. */
  enter(code: string): Promise<AuthSession>;
}

/** The sign-in service. */
export interface AuthPort {
  /** What this browser kept of the last session; needs no network. */
  stored(): AuthSession | null;
  /** Rejects with `unauthenticated` (wrong e-mail or password) or `unavailable`. */
  signIn(email: string, password: string): Promise<AuthSession | CodeAsked>;
  /** Rejects with `unauthenticated` when the session has ended, or `unavailable`. */
  refresh(): Promise<AuthSession>;
  /**
   * Forgets the session here at once, before it resolves or even waits; then tells the service, if
   * that can be reached. `global`: every session of this person, everywhere. Never rejects.
   */
  signOut(scope?: 'local' | 'global'): Promise<void>;
  /** Takes a session that has ended out of what is {@link stored}. */
  forget(): void;
  /** Calls `fn` when another tab may have ended, changed or renewed what is {@link stored}. */
  onChangedElsewhere(fn: () => void): void;
}

export interface SessionState {
  /** null = nobody is signed in. */
  user: { id: string; email: string } | null;
  /** What the backend lets this person do, as it said last; null until it has said so. */
  role: Me['role'] | null;
  /** The session ended by itself: say so on the sign-in page. */
  expired: boolean;
}

/** Seconds before its end from which a token counts as used up: covers a slow request. */
const MARGIN_S = 30;

/** A token that is this young and refused is not refused for its age. */
const RENEWAL_GAP_MS = 60_000;

const NOBODY: SessionState = { user: null, role: null, expired: false };

/** The role last given to a person on this device. Never fails. */
export interface RoleStore {
  read(userId: string): Me['role'] | null;
  write(userId: string, role: Me['role']): void;
  forget(): void;
}

/**
 * How a person has left: the session ended by itself, so what waits is wanted still; signed out
 * here, on purpose; in another tab, which has seen to what tabs share; somebody else has come.
 */
export type Leaving = 'expired' | 'signed_out' | 'elsewhere' | 'another';

/** What the session is made of. */
export interface SessionOptions {
  auth: AuthPort;
  /** Removes what is kept for this person: when the session is over, and for whom comes next. */
  wipe: (why: Leaving) => Promise<void>;
  roles: RoleStore;
  /** Unix milliseconds. */
  now: () => number;
}

/** The one session of the page. */
export class Session {
  readonly #options: SessionOptions;
  readonly #state: ObservableValue<SessionState>;
  #current: AuthSession | null;
  #refreshing: Promise<AuthSession> | null = null;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#current = options.auth.stored();
    this.#state = new ObservableValue(this.#stateOf(this.#current));
    options.auth.onChangedElsewhere(() => void this.follow());
  }

  get state(): Observable<SessionState> {
    return this.#state;
  }

  /**
   * A token that is good for at least half a minute.
   * @throws AppError `unauthenticated` when nobody is signed in or the session has ended,
   *   `unavailable` when it needs renewing and the service cannot be reached (the session stays).
   * @param refused a token that the server did not take: it is renewed, whatever its age; refused
   *   twice within a minute, the session has ended
   */
  async accessToken(refused: string | null = null): Promise<string> {
    const asking = this.#current?.userId;
    await this.follow();
    const session = this.#current;
    if (!session) throw new AppError('unauthenticated', msg('Nobody is signed in.'));
    if (session.userId !== asking) throw anotherPerson();
    const isRefused = refused === session.accessToken;
    const isFresh = session.expiresAt - MARGIN_S > this.#options.now() / 1000;
    if (isFresh && !isRefused) return session.accessToken;
    if (isRefused && this.#options.now() - this.#renewedAt < RENEWAL_GAP_MS) {
      await this.#end('expired');
      throw new AppError('unauthenticated', msg('Your session has ended.'), {
        hint: msg('Sign in again.'),
      });
    }
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    const renewed = await this.#refreshing;
    if (renewed.userId !== asking) throw anotherPerson();
    return renewed.accessToken;
  }

  /** The role as soon as the backend has said it; null when it has not within `ms`. */
  roleWithin(ms: number): Promise<Me['role'] | null> {
    const { role } = this.#state.value;
    if (role) return Promise.resolve(role);
    return new Promise((resolve) => {
      const stop = this.#state.subscribe((state) => {
        if (state.role) done(state.role);
      });
      const timer = setTimeout(() => done(null), ms);
      function done(found: Me['role'] | null): void {
        clearTimeout(timer);
        stop();
        resolve(found);
      }
    });
  }

  /**
   * Rejects as {@link AuthPort.signIn}.
   * @returns what to call with the code of the second factor, when the person has one; else null
   */
  async signIn(email: string, password: string): Promise<((code: string) => Promise<void>) | null> {
    const found = await this.#options.auth.signIn(email.trim(), password);
    if ('enter' in found) return async (code) => this.adopt(await found.enter(code));
    await this.adopt(found);
    return null;
  }

  /** A session that the sign-in service has just given; of another person, nothing stays. */
  async adopt(session: AuthSession): Promise<void> {
    const before = this.#current;
    if (before && before.userId !== session.userId) await this.#options.wipe('another');
    this.#current = session;
    this.#state.set(this.#stateOf(session));
  }

  /** Forgets the person and what is kept for them on this device: all of it when they leave. */
  async signOut(
    scope: 'local' | 'global' = 'local',
    why: Extract<Leaving, 'signed_out' | 'elsewhere'> = 'signed_out',
  ): Promise<void> {
    const signedOut = this.#options.auth.signOut(scope);
    await this.#end(why);
    // Nobody waits for a network that hangs; the service hears of it, or forgets by itself.
    void signedOut;
  }

  /** What `GET /api/v1/me` said. */
  setRole(role: Me['role']): void {
    const { userId } = this.#current ?? {};
    if (userId === undefined) return;
    this.#options.roles.write(userId, role);
    this.#state.patch({ role });
  }

  async #refresh(): Promise<AuthSession> {
    try {
      const session = await this.#options.auth.refresh();
      this.#renewedAt = this.#options.now();
      await this.#take(session);
      return session;
    } catch (error) {
      const failure = toAppError(error, 'unavailable');
      if (failure.code === 'unauthenticated') await this.#end('expired');
      throw failure;
    }
  }

  /** One browser, one person: whatever another tab has made of the session holds here, too. */
  async follow(): Promise<void> {
    const stored = this.#options.auth.stored();
    const current = this.#current;
    if (stored) {
      const isSame = stored.userId === current?.userId;
      if (!isSame || stored.accessToken !== current.accessToken) await this.#take(stored);
    } else if (current) await this.#end('elsewhere');
  }

  /** The session from now on; of another person, nothing of the one before stays. */
  async #take(session: AuthSession): Promise<void> {
    const before = this.#current;
    this.#current = session;
    if (before?.userId === session.userId) return;
    if (before) this.#options.roles.forget();
    this.#state.set(this.#stateOf(session));
    if (before) await this.#options.wipe('another');
  }

  async #end(why: Leaving): Promise<void> {
    const expired = why === 'expired';
    this.#current = null;
    if (expired) this.#options.auth.forget();
    this.#options.roles.forget();
    this.#state.set({ ...NOBODY, expired });
    await this.#options.wipe(why);
  }

  #stateOf(session: AuthSession | null): SessionState {
    if (!session) return NOBODY;
    const { userId: id, email } = session;
    return { ...NOBODY, user: { id, email }, role: this.#options.roles.read(id) };
  }
}

/** What was asked for one person must not be answered to another. */
function anotherPerson(): AppError {
  return new AppError('cancelled', msg('Somebody else has signed in on this browser.'));
}
