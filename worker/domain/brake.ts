/**
 * Brakes on whoever acts: how often a person, a network or both together may do something within
 * a time that begins with the first try (docs/decisions/0032). Counted in D1, so exact over all
 * isolates; it counts tries before it judges them, so that many at once cannot outrun a brake.
 * Knows no HTTP and no SQL, nor what it brakes.
 */
import { AppError } from '../../shared/errors.ts';

export interface Brake {
  /** What counts together, like `pin:person:<user id>`. */
  key: string;
  /** Tries that pass within the time. */
  max: number;
  /** Seconds from the first try; then the count begins anew. */
  window_s: number;
}

/** One brake after a try: how many there were, this one included, and when the time ends. */
export interface BrakeCount {
  taken: number;
  ends_s: number;
}

export interface BrakeStore {
  /** Counts one try; at `max + 1` the count stands still, and so does one beyond. */
  take(brake: Brake, nowS: number): Promise<BrakeCount>;
  /** Somebody knows of the refusal: a count of `max + 1` becomes `max + 2`. */
  markTold(brake: Brake): Promise<void>;
  /** Takes one try back from each: it was no failure. */
  giveBack(keys: readonly string[]): Promise<void>;
  /** The count begins anew. */
  clear(key: string): Promise<void>;
}

/**
 * What a refusal says. It is `untold` until {@link BrakeStore.markTold}: the try that crossed the
 * line, and those after it while telling of it fails. Two at once may both be.
 */
export interface Refusal {
  brake: Brake;
  retry_after_s: number;
  untold: boolean;
}

/**
 * Counts a try on one brake after the other until one refuses: what one refuses already uses up
 * nothing of the brakes behind it. @returns the refusal, or null when the try may pass
 */
export async function takeTry(
  store: BrakeStore,
  brakes: readonly Brake[],
  nowMs: number,
): Promise<Refusal | null> {
  const nowS = Math.floor(nowMs / 1000);
  for (const brake of brakes) {
    const { taken, ends_s } = await store.take(brake, nowS);
    if (taken <= brake.max) continue;
    return { brake, retry_after_s: Math.max(1, ends_s - nowS), untold: taken === brake.max + 1 };
  }
  return null;
}

/** Beyond, words say hours. */
const HOURS_FROM_MINUTES = 90;

/** `429` in words: when it goes on. */
export function braked(message: string, retryAfterS: number): AppError {
  const minutes = Math.ceil(retryAfterS / 60);
  const hours = `in ${Math.ceil(retryAfterS / 3600)} hours`;
  const when =
    minutes === 1 ? 'in a minute' : minutes > HOURS_FROM_MINUTES ? hours : `in ${minutes} minutes`;
  return new AppError('rate_limited', message, { hint: `Try again ${when}.`, retryAfterS });
}
