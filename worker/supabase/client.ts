/** A client of the project with the service key, which passes row-level security; no table. */
import { createClient } from '@supabase/supabase-js';
import { AppError } from '../../shared/errors.ts';

export interface SupabaseAccess {
  /** Base URL of the project, without a trailing slash. */
  url: string;
  /** The service key: it passes row-level security, so it stays in the Worker. */
  serviceKey: string | undefined;
  /** Another way to reach the project; the runtime's fetch when left out. */
  fetch?: typeof fetch;
}

/** @throws AppError `unavailable` without a key */
export function keyOf({ serviceKey }: SupabaseAccess): string {
  if (serviceKey) return serviceKey;
  throw new AppError('unavailable', 'SUPABASE_SERVICE_KEY is not set.', {
    hint: 'Set the secret, then try again; what Supabase is to get waits.',
  });
}

export function clientOf({ url, fetch }: SupabaseAccess, key: string) {
  return createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    ...(fetch ? { global: { fetch } } : {}),
  });
}
