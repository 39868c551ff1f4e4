/** Who is calling: the bearer token of Supabase Auth, then the role we hold for that person. */
import type { Context } from 'hono';
import { AppError } from '../../../shared/errors.ts';
import { personOf, type SignedIn } from '../../domain/person.ts';
import { limitChanges } from '../../domain/rate-limit.ts';
import { bearerToken } from '../kernel/bearer.ts';
import type { PortalServices } from './services.ts';

/** Supabase's tokens are about 1 KB; much more is not one. */
const TOKEN_MAX = 8192;

const READS = ['GET', 'HEAD'];

export interface Caller {
  person: SignedIn;
}

type Needed = Pick<PortalServices, 'people' | 'tokens' | 'changeLimits'>;

/** @throws AppError `unauthenticated`, `forbidden` without a role, `rate_limited` */
export async function person(services: Needed, c: Context): Promise<Caller> {
  const token = bearerToken(c.req.header('Authorization'), TOKEN_MAX);
  if (!token) throw new AppError('unauthenticated', 'Sign in first.');
  const person = await personOf(services.people, await services.tokens.verify(token));
  if (!READS.includes(c.req.method)) await limitChanges(services.changeLimits, person);
  return { person };
}
