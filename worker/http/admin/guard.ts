/**
 * Who may use the admin API: the holder of the admin key, or a signed-in administrator. The
 * key is compared in constant time by its hash; without one set, only people get in.
 */

import { AppError, toAppError } from '../../../shared/errors.ts';
import { sha256Hex } from '../../../shared/hash.ts';
import { ADMIN_KEY_ACTOR } from '../../domain/audit.ts';
import { equalInConstantTime } from '../../domain/device.ts';
import { personOf, requireRole } from '../../domain/person.ts';
import { bearerToken } from '../kernel/bearer.ts';
import { slowDown } from '../kernel/slow-down.ts';
import type { Guard, Services } from '../kernel/types.ts';

/** Supabase's tokens are about 1 KB; much more is neither one nor a key. */
const TOKEN_MAX = 8192;
/** 128 bits in hex; a shorter key can be guessed and is taken for none. */
const KEY_MIN = 32;

/** Sets `person`, or ends the request with `unauthenticated`, `forbidden` or `rate_limited`. */
export function adminKey(services: Services): Guard {
  return async (c, next) => {
    try {
      const token = bearerToken(c.req.header('Authorization'), TOKEN_MAX);
      if (!token) throw new AppError('unauthenticated', 'Send the admin key, or sign in.');
      c.set('person', await holderOf(services, token));
    } catch (failure) {
      throw await slowDown(services, c, toAppError(failure));
    }
    await next();
  };
}

async function holderOf(services: Services, token: string) {
  const { adminKey } = services;
  const set = adminKey !== undefined && adminKey.length >= KEY_MIN;
  // equal lengths, whatever is compared
  const same = equalInConstantTime(await sha256Hex(set ? adminKey : ''), await sha256Hex(token));
  if (set && same) return { user_id: ADMIN_KEY_ACTOR, email: '', role: 'admin' } as const;
  const person = await personOf(services.people, await services.tokens.verify(token));
  requireRole(person, 'admin');
  return person;
}
