/**
 * Failures of the platform that pass: D1 and the runtime name them only by their words. Source:
 * Cloudflare D1, "Debug D1", list of errors and which of them to retry. Whatever is not known to
 * pass is a fault of ours. Knows no SQL and no HTTP.
 */
import { AppError, toAppError } from '../../shared/errors.ts';

/** A unit's own pause between tries is longer; a page waits that long. */
const RETRY_AFTER_S = 5;

const PASSES = [
  /network connection lost/i,
  /\boverloaded\b/i,
  /\b(object|DB|storage)\b.*\breset\b/i,
  /exceeded timeout|timed? ?out/i,
  /transient issue/i,
  /internal error\b.*\b(D1|storage)\b/i,
  /requests? queued/i,
  /client disconnected/i,
];

/** `cause` as an AppError: `unavailable` for what passes, `internal` for a fault of ours. */
export function asFailure(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  if (!passes(cause)) return toAppError(cause);
  return new AppError('unavailable', 'The database did not answer.', {
    cause,
    retryAfterS: RETRY_AFTER_S,
  });
}

/** The words of the failure itself or of what caused it. */
function passes(failure: unknown): boolean {
  for (let [at, depth] = [failure, 0]; at instanceof Error && depth < 5; depth += 1) {
    const { message, cause } = at;
    if (PASSES.some((words) => words.test(message))) return true;
    at = cause;
  }
  return false;
}
