/**
 * Who may use the admin API: the holder of the admin key, or a signed-in administrator; and who the
 * monitor. It compares keys in constant time by their hash; without one set, no key gets in.
 */

import type { Context } from 'hono';
import { AppError, toAppError } from '../../../shared/errors.ts';
import { sha256Hex } from '../../../shared/hash.ts';
import { ADMIN_KEY_ACTOR } from '../../domain/audit.ts';
import { equalInConstantTime } from '../../domain/credential.ts';
import { personOf, requireRole, type SignedIn } from '../../domain/person.ts';
import { bearerToken } from '../kernel/bearer.ts';
import { slowDown } from '../kernel/slow-down.ts';
import type { HttpEnv } from '../kernel/types.ts';
import type { AdminServices } from './services.ts';

/** Supabase's tokens are about 1 KB; much more is neither one nor a key. */
const TOKEN_MAX = 8192;
/** 128 bits in hex; somebody could guess a shorter key: it counts as none. */
const KEY_MIN = 32;

export interface Caller {
  person: SignedIn;
}

/** @throws AppError `unauthenticated`, `forbidden`, `rate_limited` */
export function admin(services: AdminServices, c: Context<HttpEnv>): Promise<Caller> {
  return braked(services, c, async (token) => {
    if (!token) throw new AppError('unauthenticated', 'Send the admin key, or sign in.');
    if (await isKey(services.adminKey, token)) return { person: KEY_HOLDER };
    const person = await personOf(services.people, await services.tokens.verify(token));
    requireRole(person, 'admin');
    return { person };
  });
}

const KEY_HOLDER = { user_id: ADMIN_KEY_ACTOR, email: '', role: 'admin' } as const;

/** The monitor's key opens nothing else. @throws AppError `unauthenticated`, `rate_limited` */
export function monitor(services: AdminServices, c: Context<HttpEnv>): Promise<object> {
  return braked(services, c, async (token) => {
    if (await isKey(services.monitorKey, token ?? '')) return {};
    throw new AppError('unauthenticated', 'Send the monitor’s key.');
  });
}

/** An address that fails again and again has to wait. */
async function braked<T>(
  services: AdminServices,
  c: Context<HttpEnv>,
  prove: (token: string | null) => Promise<T>,
): Promise<T> {
  try {
    return await prove(bearerToken(c.req.header('Authorization'), TOKEN_MAX));
  } catch (failure) {
    throw await slowDown(services, c, toAppError(failure));
  }
}

/** Compares hashes: equal lengths, whatever the client sent. */
async function isKey(key: string | undefined, token: string): Promise<boolean> {
  const set = key !== undefined && key.length >= KEY_MIN;
  const same = equalInConstantTime(await sha256Hex(set ? key : ''), await sha256Hex(token));
  return set && same;
}
