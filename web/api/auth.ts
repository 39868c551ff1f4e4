/**
 * Sign-in through Supabase Auth. The client library (23 KB) is fetched when someone signs in, out
 * or needs a new token; a page that opens with a valid session never loads it. Knows no page.
 */
import type { GoTrueClient } from '@supabase/auth-js';
import * as v from 'valibot';
import { AppError, toAppError } from '../../shared/errors.ts';
import type { AuthPort, AuthSession } from '../app/session.ts';

/** Where auth-js keeps the session in localStorage. Only its own documented fields are read. */
const STORAGE_KEY = 'jambench-auth';

const Kept = v.object({
  access_token: v.string(),
  expires_at: v.number(),
  user: v.object({ id: v.string(), email: v.optional(v.string(), '') }),
});

export interface SupabaseAuthOptions {
  /** Base of the Supabase project and its public key, asked for when first needed. */
  settings: () => Promise<{ supabase_url: string; supabase_anon_key: string }>;
  storage: Storage;
  /** Turns `/supabase` into an absolute address. */
  origin: string;
}

/** {@link AuthPort} on auth-js. */
export class SupabaseAuth implements AuthPort {
  readonly #options: SupabaseAuthOptions;
  #client: Promise<GoTrueClient> | null = null;

  constructor(options: SupabaseAuthOptions) {
    this.#options = options;
  }

  stored(): AuthSession | null {
    try {
      const kept = v.safeParse(Kept, JSON.parse(this.#options.storage.getItem(STORAGE_KEY) ?? '0'));
      return kept.success ? sessionOf(kept.output) : null;
    } catch {
      return null;
    }
  }

  async signIn(email: string, password: string): Promise<AuthSession> {
    const client = await this.#load();
    const { data, error } = await client.signInWithPassword({ email, password });
    if (error) throw signInError(error);
    return sessionOf(v.parse(Kept, data.session));
  }

  async refresh(): Promise<AuthSession> {
    const client = await this.#load();
    const { data, error } = await client.refreshSession();
    if (error) throw refreshError(error);
    return sessionOf(v.parse(Kept, data.session));
  }

  async signOut(): Promise<void> {
    try {
      const client = await this.#load();
      await client.signOut({ scope: 'local' });
    } catch (error) {
      console.debug('The sign-in service was not told about the sign-out.', error);
    }
    this.#options.storage.removeItem(STORAGE_KEY);
  }

  onEndedElsewhere(fn: () => void): void {
    // Fires for changes by other tabs only; `key` is null when everything was cleared.
    window.addEventListener('storage', ({ key }) => {
      if ((key === STORAGE_KEY || key === null) && !this.stored()) fn();
    });
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
    const base = new URL(`${settings.supabase_url.replace(/\/$/, '')}/`, this.#options.origin);
    return new Client({
      url: new URL('auth/v1', base).href,
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

function sessionOf(kept: v.InferOutput<typeof Kept>): AuthSession {
  return {
    userId: kept.user.id,
    email: kept.user.email,
    accessToken: kept.access_token,
    expiresAt: kept.expires_at,
  };
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
  if (status === 400 || status === 401 || status === 403 || status === 422) {
    return new AppError('unauthenticated', 'E-mail or password is not right.', {
      hint: 'Check both and try again.',
      cause: error,
    });
  }
  return noService(error);
}

function refreshError(error: AuthFailure): AppError {
  const { status = 0 } = error;
  if (status >= 400 && status < 500 && status !== 429) {
    return new AppError('unauthenticated', 'Your session has ended.', {
      hint: 'Sign in again.',
      cause: error,
    });
  }
  return noService(error);
}

function noService(error: AuthFailure): AppError {
  return new AppError('unavailable', 'The sign-in service cannot be reached.', {
    hint: 'Check your connection and try again in a moment.',
    cause: error,
  });
}
