/**
 * The clean zone behind supabase-js: pushes a location's sums with a merging upsert. The rows'
 * table is migrations/20261101000000_foot_traffic.sql. Knows nothing of units, D1 or HTTP routes.
 */
import { createClient } from '@supabase/supabase-js';
import { AppError } from '../../shared/errors.ts';
import type { FootTraffic, Rollup } from '../domain/sync.ts';

export interface SupabaseAccess {
  /** Base URL of the project, without a trailing slash. */
  url: string;
  /** The service key: it passes row-level security, so it stays in the Worker. */
  serviceKey: string | undefined;
  /** Another way to reach the project; the runtime's fetch when left out. */
  fetch?: typeof fetch;
}

/** A push that hangs must not hold the five-minute job until the next one. */
const PUSH_TIMEOUT_MS = 20_000;

/** @throws AppError `unavailable` from `push` when the key is missing or Supabase refuses */
export function supabaseFootTraffic(access: SupabaseAccess): FootTraffic {
  return {
    async push(rollups) {
      if (!access.serviceKey) {
        throw new AppError('unavailable', 'SUPABASE_SERVICE_KEY is not set.', {
          hint: 'Set the secret, then run the job again; the rows wait.',
        });
      }
      const { error } = await clientOf(access, access.serviceKey)
        .from('foot_traffic')
        .upsert(rollups.map(toRow), { onConflict: 'location_id,bucket_start' })
        .abortSignal(AbortSignal.timeout(PUSH_TIMEOUT_MS));
      if (error) {
        const message = `Supabase did not take the rows: ${error.code} ${error.message}`;
        throw new AppError('unavailable', message, { cause: error });
      }
    },
  };
}

function clientOf({ url, fetch }: SupabaseAccess, key: string) {
  return createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    ...(fetch ? { global: { fetch } } : {}),
  });
}

/**
 * Every row names every column: PostgREST would write NULL into what one row of several leaves out.
 * The number of readings stays behind, it speaks of sensors.
 */
function toRow({ bucket_start_s, readings: _readings, ...sums }: Rollup) {
  return { ...sums, bucket_start: new Date(bucket_start_s * 1000).toISOString() };
}
