/**
 * The clean zone behind supabase-js: pushes a location's sums with a merging upsert. The rows'
 * table is migrations/20261101000000_foot_traffic.sql. Knows nothing of units, D1 or HTTP routes.
 */
import { AppError } from '../../shared/errors.ts';
import { isoTime } from '../../shared/time.ts';
import type { PlaceKeeper } from '../domain/erasure.ts';
import type { CleanZone, SharedRollup } from '../domain/small-counts.ts';
import { clientOf, keyOf, type SupabaseAccess } from './client.ts';

/** A push that hangs must not hold the five-minute job until the next one. */
const PUSH_TIMEOUT_MS = 20_000;
/** Rows in one request: 400 KB of JSON, well under a second. */
const REQUEST_ROWS = 1000;

/** Of people's tables; the second one has what is older than two months. */
const SUMS = ['foot_traffic', 'foot_traffic_hourly'] as const;
/** Who may read a place's sums. */
const MEMBERS = 'location_members';

/** @throws AppError `unavailable` when the key is missing or Supabase refuses */
export function supabasePlaceKeeper(access: SupabaseAccess): PlaceKeeper {
  return {
    async forgetPlace({ location_id }) {
      const client = clientOf(access, keyOf(access));
      for (const table of [...SUMS, MEMBERS]) {
        const { error } = await client
          .from(table)
          .delete()
          .eq('location_id', location_id)
          .abortSignal(AbortSignal.timeout(PUSH_TIMEOUT_MS));
        if (error) throw notTaken('did not take the place out', error);
      }
    },
  };
}

/** @throws AppError `unavailable` from `push` when the key is missing or Supabase refuses */
export function supabaseFootTraffic(access: SupabaseAccess): CleanZone {
  return {
    async push(rows) {
      const client = clientOf(access, keyOf(access));
      const parts = [];
      // A page of the sync is six parts, as many as the runtime has connections at once.
      for (let from = 0; from < rows.length; from += REQUEST_ROWS) {
        parts.push(pushPart(client, rows.slice(from, from + REQUEST_ROWS)));
      }
      await Promise.all(parts);
    },
  };
}

async function pushPart(
  client: ReturnType<typeof clientOf>,
  rows: readonly SharedRollup[],
): Promise<void> {
  const { error } = await client
    .from('foot_traffic')
    .upsert(rows.map(toRow), { onConflict: 'location_id,bucket_start' })
    .abortSignal(AbortSignal.timeout(PUSH_TIMEOUT_MS));
  if (error) throw notTaken('did not take the rows', error);
}

function notTaken(what: string, error: { code: string; message: string }): AppError {
  const message = `Supabase ${what}: ${error.code} ${error.message}`;
  return new AppError('unavailable', message, { cause: error });
}

/** Every row names every column: PostgREST would write NULL into what one of several leaves out. */
function toRow({ bucket_start_s, ...sums }: SharedRollup) {
  return { ...sums, bucket_start: isoTime(bucket_start_s) };
}
