/** Makes an address wait that fails to authenticate again and again. Knows no route or unit. */
import type { Context } from 'hono';
import { AppError } from '../../../shared/errors.ts';
import type { MinuteLimiter } from '../../domain/rate-limit.ts';
import { clientNetwork } from './client-network.ts';
import type { HttpEnv } from './types.ts';

/** What counts failures, and where a request's address stands. */
export interface FailureLimits {
  /** Failed authentications from an address in a minute. */
  authFailures: MinuteLimiter;
  /** The header with a request's address; where it is not set, none is trusted. */
  clientIpHeader: string | undefined;
}

/** A minute is how long the platform's limiter counts. */
const MINUTE_S = 60;

/**
 * An address that fails to authenticate again and again has to wait instead. Only failures are
 * counted and refused: whole fleets share one address of their carrier.
 */
export async function slowDown(
  { authFailures, clientIpHeader }: FailureLimits,
  c: Context<HttpEnv>,
  failure: unknown,
): Promise<unknown> {
  const network = clientNetwork(clientIpHeader, c);
  if (!(failure instanceof AppError) || failure.code !== 'unauthenticated' || !network) {
    return failure;
  }
  const message = 'too many failed authentications';
  const refused = new AppError('rate_limited', message, { retryAfterS: MINUTE_S });
  return (await authFailures.take(network)) ? failure : refused;
}
