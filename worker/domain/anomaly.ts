/**
 * Units that send far more than they should: flagged for people to look at, never refused. What
 * the backend stores what they counted all the same. Knows no HTTP and no SQL.
 */
import { AppError } from '../../shared/errors.ts';
import { type Change, unitChange } from './audit.ts';
import { type ChangeOnceContext, maybeOnce, type OnceChange, orConflict } from './kept-answer.ts';
import type { MinuteLimiter } from './rate-limit.ts';

/** Device API; the limiter that the Worker binds counts to the same number. */
export const REQUESTS_A_MINUTE = 50;

/** What the reason of a flooding unit begins with. */
export const FLOODS = `more than ${REQUESTS_A_MINUTE} requests in 60 s`;

export interface AnomalyStore {
  /**
   * Flags a unit for a reason, beside any other it is flagged for; true unless it was flagged for
   * this one already.
   */
  flag(deviceId: string, reason: string, nowS: number): Promise<boolean>;
  /**
   * Takes the flag away; false when there is no such unit.
   * @param seen the reason that somebody looked at; undefined: any
   * @throws SeenOtherwise when it is flagged for something else by now; AlreadyDone
   */
  clear(deviceId: string, seen: string | undefined, change: Change | OnceChange): Promise<boolean>;
  /** What it is flagged for; null for nothing. */
  reason(deviceId: string): Promise<string | null>;
}

/**
 * Counts one request of a unit that has proven itself, and flags the unit beyond the limit.
 * @returns true when this request was the one that got it flagged
 */
export async function watch(
  limiter: MinuteLimiter,
  store: AnomalyStore,
  deviceId: string,
  nowMs: number,
): Promise<boolean> {
  if (await limiter.take(deviceId)) return false;
  return await store.flag(deviceId, FLOODS, Math.floor(nowMs / 1000));
}

/**
 * Somebody has looked. The next flood flags again.
 * @throws AppError `not_found`; `conflict` when it is flagged for something else than `seen` by now
 */
export async function clearAnomaly(
  store: AnomalyStore,
  by: ChangeOnceContext,
  deviceId: string,
  seen?: string,
): Promise<void> {
  const facts = { before: { anomalous: true }, after: { anomalous: false } };
  const change = maybeOnce(unitChange(by, 'unit.clear_anomaly', deviceId, facts), by, {});
  const cleared = store.clear(deviceId, seen, change);
  if (await orConflict(cleared, () => store.reason(deviceId))) return;
  throw new AppError('not_found', 'There is no such unit.');
}
