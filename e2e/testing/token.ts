/** Tokens as the embedded Supabase signs them: JWT with HS256 (RFC 7515). Knows no route. */
import { createHmac } from 'node:crypto';

/** The signature of `header.payload`, base64url. */
export function hs256(unsigned: string, secret: string): string {
  return createHmac('sha256', secret).update(unsigned).digest('base64url');
}

/** A token with exactly these claims. */
export function signToken(claims: object, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${unsigned}.${hs256(unsigned, secret)}`;
}

/** A session of a person from now on, for `lifeS` seconds. */
export function sessionToken(userId: string, secret: string, lifeS = 3600): string {
  const nowS = Math.floor(Date.now() / 1000);
  const claims = { sub: userId, role: 'authenticated', aud: 'authenticated', iat: nowS };
  return signToken({ ...claims, exp: nowS + lifeS }, secret);
}
