/**
 * Sign-in through Supabase Auth, with a second factor where the person has one, and the session
 * that this browser keeps. The client library (23 KB) is fetched when someone signs in. Knows no
 * page.
 */
import { msg } from '@lit/localize';
import * as v from 'valibot';
import { AppError } from '../../shared/errors.ts';
import { unexpectedAnswerOf } from '../../shared/outcome.ts';
import type { AuthPort, AuthSession, CodeAsked } from '../app/session.ts';
import { type AuthService, authUrl, limitedFetch, noService } from './auth-address.ts';
import { unexpectedAnswerError } from './http.ts';

/** Where auth-js keeps the session in localStorage. Only its own documented fields are read. */
const STORAGE_KEY = 'jambench-auth';
/** Until when the kept session lives by this device's clock, however wrong that is. */
const LIFETIME_KEY = 'jambench-auth-life';

/** `expires_at` names the session by the service's clock; `until_s` is by ours. */
const Lifetime = v.object({ expires_at: v.number(), until_s: v.number() });

const StoredSession = v.object({
  access_token: v.string(),
  refresh_token: v.optional(v.string(), ''),
  expires_at: v.number(),
  expires_in: v.optional(v.number()),
  user: v.object({ id: v.string(), email: v.optional(v.string(), '') }),
});

/** A renewed session, kept with everything that auth-js expects to find in it. */
const Renewed = v.looseObject({
  ...StoredSession.entries,
  refresh_token: v.pipe(v.string(), v.minLength(1)),
  user: v.looseObject(StoredSession.entries.user.entries),
});

export interface SupabaseAuthOptions extends AuthService {
  storage: Storage;
}

/** {@link AuthPort} on auth-js. */
export class SupabaseAuth implements AuthPort {
  readonly #options: SupabaseAuthOptions;

  constructor(options: SupabaseAuthOptions) {
    this.#options = options;
  }

  stored(): AuthSession | null {
    const kept = this.#read();
    return kept && this.#sessionOf(kept);
  }

  #read(): v.InferOutput<typeof StoredSession> | null {
    try {
      const kept = v.safeParse(
        StoredSession,
        JSON.parse(this.#options.storage.getItem(STORAGE_KEY) ?? '0'),
      );
      return kept.success ? kept.output : null;
    } catch {
      return null;
    }
  }

  async signIn(email: string, password: string): Promise<AuthSession | CodeAsked> {
    const { signInByPassword } = await import('./auth-client.ts').catch((error: unknown) => {
      throw noService(error);
    });
    const { session, enter } = await signInByPassword(this.#options, email, password);
    return session ? this.keep(session) : { enter: async (code) => this.keep(await enter(code)) };
  }

  /** What the service calls the session that is kept; null when there is none. */
  tokens(): { access_token: string; refresh_token: string } | null {
    return this.#read();
  }

  /** Keeps a session that the service has just given, in place of any other. */
  keep(session: unknown): AuthSession {
    const whole = v.parse(Renewed, session);
    this.#options.storage.setItem(STORAGE_KEY, JSON.stringify(whole));
    return this.#received(whole);
  }

  /**
   * By a request of our own: auth-js tries a service in trouble for half a minute, and forgets the
   * session for answers that pass. One tab at a time, since a refresh token works once.
   */
  refresh(): Promise<AuthSession> {
    const before = this.stored()?.accessToken;
    return oneTabAtATime(async () => {
      const kept = this.#read();
      if (!kept) throw hasEnded(undefined);
      if (kept.access_token !== before) return this.#sessionOf(kept); // another tab was first
      if (kept.refresh_token === '') throw hasEnded(undefined); // nothing to renew it with
      const settings = await this.#options.settings();
      const response = await limitedFetch(
        `${authUrl(settings.supabase_url, this.#options.origin)}/token?grant_type=refresh_token`,
        {
          method: 'POST',
          headers: { apikey: settings.supabase_anon_key, 'content-type': 'application/json' },
          body: JSON.stringify({ refresh_token: kept.refresh_token }),
        },
      );
      const body = jsonOr(await response.text());
      return this.#byAnotherTab(kept.refresh_token) ?? this.#renewed(response.status, body);
    }).catch((error: unknown) => {
      throw error instanceof AppError ? error : noService(error);
    });
  }

  /**
   * What a tab that knows no lock has renewed meanwhile: a refresh token works once, so that the
   * slower of two is refused although the session goes on.
   * @throws AppError `unauthenticated` when it was ended meanwhile
   */
  #byAnotherTab(refreshToken: string): AuthSession | null {
    const now = this.#read();
    if (!now) throw hasEnded(undefined); // signed out while the answer was on its way
    return now.refresh_token !== refreshToken ? this.#sessionOf(now) : null;
  }

  #renewed(status: number, body: unknown): AuthSession {
    const session = v.safeParse(Renewed, body);
    if (status !== 200 || !session.success) throw refreshError(status, body);
    return this.keep(session.output);
  }

  async signOut(scope: 'local' | 'global' = 'local'): Promise<void> {
    const session = this.stored();
    this.forget();
    if (session) await this.#revoke(session.accessToken, scope);
  }

  onChangedElsewhere(fn: () => void): void {
    // Fires for changes by other tabs only; `key` is null when everything was cleared.
    window.addEventListener('storage', ({ key }) => {
      if (key === STORAGE_KEY || key === null) fn();
    });
    // A tab that slept, or whose browser keeps events from it, looks when somebody looks at it.
    window.addEventListener('focus', fn);
    // So does a page that comes back whole out of the browser's history.
    window.addEventListener('pageshow', fn);
    document.addEventListener('visibilitychange', fn);
  }

  /** The session is forgotten here already; a service that cannot be reached ends it by its age. */
  async #revoke(token: string, scope: string): Promise<void> {
    try {
      const settings = await this.#options.settings();
      const authorization = `Bearer ${token}`;
      const headers = { apikey: settings.supabase_anon_key, authorization };
      const base = authUrl(settings.supabase_url, this.#options.origin);
      await limitedFetch(`${base}/logout?scope=${scope}`, { method: 'POST', headers });
    } catch (error) {
      console.debug('The sign-in service was not told about the sign-out.', error);
    }
  }

  forget(): void {
    for (const key of [STORAGE_KEY, LIFETIME_KEY]) this.#options.storage.removeItem(key);
  }

  /** A session that the service has just given: its life begins now, by this device's clock. */
  #received(session: unknown): AuthSession {
    const kept = v.parse(StoredSession, session);
    const { expires_at, expires_in } = kept;
    if (expires_in !== undefined) {
      const until_s = Math.floor(Date.now() / 1000) + expires_in;
      this.#options.storage.setItem(LIFETIME_KEY, JSON.stringify({ expires_at, until_s }));
    }
    return this.#sessionOf(kept);
  }

  #sessionOf(kept: v.InferOutput<typeof StoredSession>): AuthSession {
    const expiresAt = this.#expiryOf(kept.expires_at) ?? kept.expires_at;
    const { id, email } = kept.user;
    return { userId: id, email, accessToken: kept.access_token, expiresAt };
  }

  #expiryOf(expiresAt: number): number | null {
    try {
      const lifetime = v.safeParse(
        Lifetime,
        JSON.parse(this.#options.storage.getItem(LIFETIME_KEY) ?? '0'),
      );
      return lifetime.success && lifetime.output.expires_at === expiresAt
        ? lifetime.output.until_s
        : null;
    } catch {
      return null;
    }
  }
}

/** Words by which Supabase Auth itself says that a session cannot go on (its error codes). */
const ENDED = new Set([
  'refresh_token_not_found',
  'refresh_token_already_used',
  'session_not_found',
  'session_expired',
  'user_not_found',
  'user_banned',
  'invalid_grant',
]);

const AuthFault = v.object({
  error_code: v.optional(v.string()),
  error: v.optional(v.string()),
  msg: v.optional(v.string(), ''),
});

/** The session ends only by the service's own word, not by a status alone: anybody answers 403. */
function refreshError(status: number, body: unknown): AppError {
  const fault = v.safeParse(AuthFault, body);
  const { error_code, error, msg } = fault.success ? fault.output : { msg: '' };
  // services of before 2024 give no code, only words
  const isOver =
    ENDED.has(error_code ?? error ?? '') ||
    (status === 400 && !error_code && /^invalid refresh token/i.test(msg));
  return isOver ? hasEnded(body) : unexpectedAnswerError(unexpectedAnswerOf(status), status);
}

function hasEnded(cause: unknown): AppError {
  return new AppError('unauthenticated', msg('Your session has ended.'), {
    hint: msg('Sign in again.'),
    cause,
  });
}

/** undefined for what is no JSON. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Browsers without Web Locks have one tab at a time for the most part. */
function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  const { locks } = globalThis.navigator ?? {};
  return locks ? (locks.request('jambench-auth', work) as Promise<T>) : work();
}
