/**
 * How Supabase Auth is reached, for every request to it: its address, a limit of time, and words
 * for when nobody answers. Small, since each page has it. Knows no library and no session.
 */
import { msg } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';

export interface AuthService {
  /** Base of the Supabase project and its public key, asked for when first needed. */
  settings: () => Promise<{ supabase_url: string; supabase_anon_key: string }>;
  /** Turns `/supabase` into an absolute address. */
  origin: string;
}

/** From the first byte to the last: a network that hangs is a network that is not there. */
const SERVICE_TIMEOUT_MS = 12_000;

export const limitedFetch: typeof fetch = (input, init) => {
  const limit = AbortSignal.timeout(SERVICE_TIMEOUT_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
  return fetch(input, { ...init, signal });
};

export function authUrl(supabaseUrl: string, origin: string): string {
  const base = new URL(`${supabaseUrl.replace(/\/$/, '')}/`, origin);
  return new URL('auth/v1', base).href;
}

export function noService(error: unknown): AppError {
  return new AppError('unavailable', msg('The sign-in service cannot be reached.'), {
    hint: msg('Check your connection and try again in a moment.'),
    cause: error,
  });
}
