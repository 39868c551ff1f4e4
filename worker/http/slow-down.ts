/** Tells an address that fails to authenticate again and again to wait. Knows no route or unit. */
import type { Context } from 'hono';
import { AppError } from '../../shared/errors.ts';
import type { MinuteLimiter } from '../domain/rate-limit.ts';
import type { HttpEnv } from './types.ts';

/** A minute is how long the platform's limiter counts. */
const MINUTE_S = 60;

/**
 * An address that fails to authenticate again and again is told to wait instead. Only failures are
 * counted and refused: whole fleets share one address of their carrier.
 */
export async function slowDown(
  limiter: MinuteLimiter,
  c: Context<HttpEnv>,
  failure: unknown,
): Promise<unknown> {
  const address = c.req.header('CF-Connecting-IP');
  if (!(failure instanceof AppError) || failure.code !== 'unauthenticated' || !address) {
    return failure;
  }
  const message = 'too many failed authentications';
  const refused = new AppError('rate_limited', message, { retryAfterS: MINUTE_S });
  return (await limiter.take(networkOf(address))) ? failure : refused;
}

/** Groups of an IPv6 address that name the network of one customer: the first 64 bits. */
const IPV6_NETWORK_GROUPS = 4;

/** What counts as one address: with IPv6, whoever has one has 2⁶⁴ of them. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':').length : 0;
  const between = tail === undefined ? 0 : Math.max(0, 8 - before.length - after);
  const groups = [...before, ...Array<string>(between).fill('0'), ...(tail ? tail.split(':') : [])];
  return groups.slice(0, IPV6_NETWORK_GROUPS).join(':');
}
