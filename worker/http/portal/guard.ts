/** Who is calling: the bearer token of Supabase Auth, then the role we hold for that person. */
import { AppError } from '../../../shared/errors.ts';
import { personOf } from '../../domain/person.ts';
import { limitChanges } from '../../domain/rate-limit.ts';
import { bearerToken } from '../kernel/bearer.ts';
import type { Guard, Services } from '../kernel/types.ts';

/** Supabase's tokens are about 1 KB; much more is not one. */
const TOKEN_MAX = 8192;

const READS = ['GET', 'HEAD'];

/** Sets `person`, or ends the request: `unauthenticated`, `forbidden`, or `rate_limited`. */
export function person(services: Services): Guard {
  return async (c, next) => {
    const token = bearerToken(c.req.header('Authorization'), TOKEN_MAX);
    if (!token) throw new AppError('unauthenticated', 'Sign in first.');
    c.set('person', await personOf(services.people, await services.tokens.verify(token)));
    if (!READS.includes(c.req.method)) await limitChanges(services.changeLimits, c.get('person'));
    await next();
  };
}
