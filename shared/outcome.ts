/**
 * What a failure means for whoever asked: one table for page, outbox, Worker and jobs, so that
 * nothing temporary is taken for final, nor the other way round (docs/decisions/0038). Knows no
 * transport; statuses are HTTP's (RFC 9110, 15; RFC 6585).
 */
import type { ErrorCode } from './errors.ts';

/**
 * `retry_later`: ask again after a while, keep what was to be said. `sign_in`: the same after a
 * person has signed in. `give_up`: the same request gets the same answer; only a person can change
 * something about it.
 */
export type Outcome = 'retry_later' | 'sign_in' | 'give_up';

/**
 * `forbidden` is not final: another person may sign in here, or be given the role. `internal` is
 * not: it is a fault of ours, which will be mended, or an answer that did not parse.
 */
const NOT_FINAL: Partial<Record<ErrorCode, Outcome>> = {
  unavailable: 'retry_later',
  rate_limited: 'retry_later',
  internal: 'retry_later',
  forbidden: 'retry_later',
  cancelled: 'retry_later',
  unauthenticated: 'sign_in',
};

export function outcomeOf(code: ErrorCode): Outcome {
  return NOT_FINAL[code] ?? 'give_up';
}

/** What an answer is that does not carry our own words. */
export type UnexpectedAnswer = 'rate_limited' | 'too_large' | 'network_sign_in' | 'unavailable';

/**
 * An answer by something between us and the backend, or by a backend in trouble: a gateway, a
 * firewall's page, a hotel's sign-in. Only what the protocol itself says of the request is believed
 * (413, 429); whatever else it says of rights and things, it does not know them.
 * @param status 100 … 599
 */
export function unexpectedAnswerOf(status: number): UnexpectedAnswer {
  if (status === 429) return 'rate_limited';
  if (status === 413) return 'too_large';
  if (status === 511 || (status >= 200 && status < 400)) return 'network_sign_in';
  return 'unavailable';
}
