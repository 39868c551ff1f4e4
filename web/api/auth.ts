/**
 * Sign-in through Supabase Auth. The client library (23 KB) is fetched when someone signs in, out
 * or needs a new token; a page that opens with a valid session never loads it. Knows no page.
 */
import type { GoTrueClient } from '@supabase/auth-js';
import * as v from 'valibot';
import { AppError, toAppError } from '../../shared/errors.ts';
import { strangerOf } from '../../shared/outcome.ts';
import type { AuthPort, AuthSession } from '../app/session.ts';
import { strangersWords } from './http.ts';

/** Where auth-js keeps the session in localStorage. Only its own documented fields are read. */
const STORAGE_KEY = 'jambench-auth';
/** Until when the kept session lives by this device's clock, however wrong that is. */
const LIFE_KEY = 'jambench-auth-life';

/** `expires_at` names the session by the service's clock; `until_s` is by ours. */
const Life = v.object({ expires_at: v.number(), until_s: v.number() });

const Kept = v.object({
  access_token: v.string(),
  refresh_token: v.optional(v.string(), ''),
  expires_at: v.number(),
  expires_in: v.optional(v.number()),
  user: v.object({ id: v.string(), email: v.optional(v.string(), '') }),
});

/** A renewed session, kept with everything that auth-js expects to find in it. */
const Renewed = v.looseObject({
  ...Kept.entries,
  refresh_token: v.pipe(v.string(), v.minLength(1)),
  user: v.looseObject(Kept.entries.user.entries),
});

export interface SupabaseAuthOptions {
  /** Base of the Supabase project and its public key, asked for when first needed. */
  settings: () => Promise<{ supabase_url: string; supabase_anon_key: string }>;
  storage: Storage;
  /** Turns `/supabase` into an absolute address. */
  origin: string;
}

/** From the first byte to the last: a network that hangs is a network that is not there. */
const SERVICE_TIMEOUT_MS = 12_000;

const limitedFetch: typeof fetch = (input, init) => {
  const limit = AbortSignal.timeout(SERVICE_TIMEOUT_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
  return fetch(input, { ...init, signal });
};

/** {@link AuthPort} on auth-js. */
export class SupabaseAuth implements AuthPort {
  readonly #options: SupabaseAuthOptions;
  #client: Promise<GoTrueClient> | null = null;

  constructor(options: SupabaseAuthOptions) {
    this.#options = options;
  }

  stored(): AuthSession | null {
    const kept = this.#read();
    return kept && this.#sessionOf(kept);
  }

  #read(): v.InferOutput<typeof Kept> | null {
    try {
      const kept = v.safeParse(Kept, JSON.parse(this.#options.storage.getItem(STORAGE_KEY) ?? '0'));
      return kept.success ? kept.output : null;
    } catch {
      return null;
    }
  }

  async signIn(email: string, password: string): Promise<AuthSession> {
    const client = await this.#load();
    const { data, error } = await client.signInWithPassword({ email, password });
    if (error) throw signInError(error);
    return this.#received(data.session);
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
      const settings = await this.#options.settings();
      const response = await limitedFetch(
        `${this.#authUrl(settings)}/token?grant_type=refresh_token`,
        {
          method: 'POST',
          headers: { apikey: settings.supabase_anon_key, 'content-type': 'application/json' },
          body: JSON.stringify({ refresh_token: kept.refresh_token }),
        },
      );
      return this.#renewed(response.status, jsonOr(await response.text()));
    }).catch((error: unknown) => {
      throw error instanceof AppError ? error : noService(error);
    });
  }

  #renewed(status: number, body: unknown): AuthSession {
    const session = v.safeParse(Renewed, body);
    if (status !== 200 || !session.success) throw refreshError(status, body);
    this.#options.storage.setItem(STORAGE_KEY, JSON.stringify(session.output));
    return this.#received(session.output);
  }

  async signOut(): Promise<void> {
    const session = this.stored();
    this.forget();
    if (session) await this.#tellSignOut(session.accessToken);
  }

  onChangedElsewhere(fn: () => void): void {
    // Fires for changes by other tabs only; `key` is null when everything was cleared.
    window.addEventListener('storage', ({ key }) => {
      if (key === STORAGE_KEY || key === null) fn();
    });
    // A tab that slept, or whose browser keeps events from it, looks when somebody looks at it.
    window.addEventListener('focus', fn);
    document.addEventListener('visibilitychange', fn);
  }

  /** The session is forgotten here already; a service that cannot be reached ends it by its age. */
  async #tellSignOut(token: string): Promise<void> {
    try {
      const settings = await this.#options.settings();
      const authorization = `Bearer ${token}`;
      const headers = { apikey: settings.supabase_anon_key, authorization };
      const address = `${this.#authUrl(settings)}/logout?scope=local`;
      await limitedFetch(address, { method: 'POST', headers });
    } catch (error) {
      console.debug('The sign-in service was not told about the sign-out.', error);
    }
  }

  #authUrl({ supabase_url }: { supabase_url: string }): string {
    const base = new URL(`${supabase_url.replace(/\/$/, '')}/`, this.#options.origin);
    return new URL('auth/v1', base).href;
  }

  forget(): void {
    for (const key of [STORAGE_KEY, LIFE_KEY]) this.#options.storage.removeItem(key);
  }

  /** A session that the service has just given: its life begins now, by this device's clock. */
  #received(session: unknown): AuthSession {
    const kept = v.parse(Kept, session);
    const { expires_at, expires_in } = kept;
    if (expires_in !== undefined) {
      const until_s = Math.floor(Date.now() / 1000) + expires_in;
      this.#options.storage.setItem(LIFE_KEY, JSON.stringify({ expires_at, until_s }));
    }
    return this.#sessionOf(kept);
  }

  #sessionOf(kept: v.InferOutput<typeof Kept>): AuthSession {
    const expiresAt = this.#lifeOf(kept.expires_at) ?? kept.expires_at;
    const { id, email } = kept.user;
    return { userId: id, email, accessToken: kept.access_token, expiresAt };
  }

  #lifeOf(expiresAt: number): number | null {
    try {
      const life = v.safeParse(Life, JSON.parse(this.#options.storage.getItem(LIFE_KEY) ?? '0'));
      return life.success && life.output.expires_at === expiresAt ? life.output.until_s : null;
    } catch {
      return null;
    }
  }

  #load(): Promise<GoTrueClient> {
    this.#client ??= this.#create().catch((error: unknown) => {
      this.#client = null;
      throw toAppError(error, 'unavailable');
    });
    return this.#client;
  }

  async #create(): Promise<GoTrueClient> {
    const settings = await this.#options.settings();
    const { GoTrueClient: Client } = await import('@supabase/auth-js');
    return new Client({
      url: this.#authUrl(settings),
      fetch: limitedFetch,
      headers: { apikey: settings.supabase_anon_key },
      storageKey: STORAGE_KEY,
      storage: this.#options.storage,
      // The session renews when a request needs it, so an idle page stays idle.
      autoRefreshToken: false,
      detectSessionInUrl: false,
      persistSession: true,
    });
  }
}

/** auth-js reports HTTP status 400 or 401 for wrong credentials, none or 5xx for no service. */
interface AuthFailure {
  status?: number | undefined;
  code?: string | undefined;
  message: string;
}

function signInError(error: AuthFailure): AppError {
  const { status = 0, code } = error;
  if (status === 429) {
    return new AppError('rate_limited', 'Too many attempts in a short time.', {
      hint: 'Wait a minute, then try again.',
      cause: error,
    });
  }
  if (code === 'email_not_confirmed') {
    return new AppError('unauthenticated', 'This e-mail address is not confirmed yet.', {
      hint: 'Open the link in the message we sent you, then sign in.',
      cause: error,
    });
  }
  if (code === 'invalid_credentials' || (code && [400, 401, 403, 422].includes(status))) {
    return wrongPassword(error);
  }
  if (status === 400 && /^invalid login/i.test(error.message)) return wrongPassword(error);
  return status >= 400 ? strangersWords(strangerOf(status), status) : noService(error);
}

function wrongPassword(cause: AuthFailure): AppError {
  return new AppError('unauthenticated', 'E-mail or password is not right.', {
    hint: 'Check both and try again.',
    cause,
  });
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
  return isOver ? hasEnded(body) : strangersWords(strangerOf(status), status);
}

function hasEnded(cause: unknown): AppError {
  return new AppError('unauthenticated', 'Your session has ended.', {
    hint: 'Sign in again.',
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

function noService(error: unknown): AppError {
  return new AppError('unavailable', 'The sign-in service cannot be reached.', {
    hint: 'Check your connection and try again in a moment.',
    cause: error,
  });
}
