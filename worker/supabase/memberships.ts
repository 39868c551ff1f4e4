/** Who may read which location's sums in Supabase. Knows no D1. */
import { AppError } from '../../shared/errors.ts';
import type { SharedMemberships } from '../domain/person.ts';
import { clientOf, keyOf, type SupabaseAccess } from './client.ts';

/** Somebody waits for the answer. */
const TIMEOUT_MS = 10_000;

export function supabaseMemberships(access: SupabaseAccess): SharedMemberships {
  return {
    async add(userId, locationIds) {
      if (locationIds.length === 0) return;
      const rows = locationIds.map((id) => ({ location_id: id, user_id: userId }));
      const { error } = await clientOf(access, keyOf(access))
        .from('location_members')
        .upsert(rows)
        .abortSignal(AbortSignal.timeout(TIMEOUT_MS));
      if (error) throw notTaken(error);
    },
    async remove(userId, locationId) {
      const { error } = await clientOf(access, keyOf(access))
        .from('location_members')
        .delete()
        .match({ user_id: userId, location_id: locationId })
        .abortSignal(AbortSignal.timeout(TIMEOUT_MS));
      if (error) throw notTaken(error);
    },
    async removeAll(userId) {
      const { error } = await clientOf(access, keyOf(access))
        .from('location_members')
        .delete()
        .eq('user_id', userId)
        .abortSignal(AbortSignal.timeout(TIMEOUT_MS));
      if (error) throw notTaken(error);
    },
  };
}

function notTaken(cause: unknown): AppError {
  return new AppError('unavailable', 'Supabase did not take it.', { cause });
}
