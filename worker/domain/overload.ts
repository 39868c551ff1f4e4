/**
 * What a shard does that more is asked of than it can do: requests that have waited too long are
 * sent away at once, each for another while, so that they do not come back together. Nobody inside
 * tries again: units do. Pure.
 */

/** A unit gives a request up after ten seconds and more; an answer after this helps nobody. */
const PATIENCE_MS = 5000;
const RETRY_AFTER_S = 5;
/** Seconds within which those come again who were sent away together. */
const CROWD_S = 60;

/** @param receivedMs when the Worker got it, by a clock that may differ by some milliseconds */
export function isOverdue(receivedMs: number, nowMs: number): boolean {
  return nowMs - receivedMs > PATIENCE_MS;
}

/** Seconds for `Retry-After`. @param random in [0, 1) */
export function retryAfterS(random: number): number {
  return RETRY_AFTER_S + Math.floor(random * CROWD_S);
}
