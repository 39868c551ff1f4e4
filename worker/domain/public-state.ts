/**
 * What anybody may know of a unit who reads its label: whether it is heard. Not where it stands,
 * nor whose it is, nor what it counts; one that is not there is as one that was never heard. Knows
 * no HTTP and no SQL.
 */
import type { PublicState } from '../../shared/contracts/provisioning.ts';
import { AppError } from '../../shared/errors.ts';
import { unitState } from '../../shared/metrics/unit-state.ts';
import { isoTime } from '../../shared/time.ts';
import type { FleetStore } from './fleet.ts';
import type { MinuteLimiter } from './rate-limit.ts';

const MINUTE_S = 60;

/** The units, and how often a network may ask without a sign-in. */
export interface PublicStatePorts {
  fleet: FleetStore;
  strangerLooks: MinuteLimiter;
}

/** @param network where that is not known, all who ask share one count. @throws `rate_limited` */
export async function publicState(
  { fleet, strangerLooks }: PublicStatePorts,
  id: string,
  network: string | undefined,
  nowMs: number,
): Promise<PublicState> {
  if (!(await strangerLooks.take(network ?? ''))) {
    throw new AppError('rate_limited', 'Many units were looked at from this network.', {
      hint: 'Wait a minute, then try again.',
      retryAfterS: MINUTE_S,
    });
  }
  const row = await fleet.find(id, undefined);
  const isThere = row !== null && row.status !== 'inactive';
  const seenS = isThere ? row.last_seen_s : null;
  return {
    device_id: id,
    state: unitState(seenS, Math.floor(nowMs / 1000), row?.report_interval_s),
    last_seen_at: seenS === null ? null : isoTime(seenS - (seenS % MINUTE_S)),
  };
}
