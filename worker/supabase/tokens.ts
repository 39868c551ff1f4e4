/**
 * Verifies the tokens that Supabase Auth hands to people. A hosted project signs with asymmetric
 * keys behind a JWKS and names itself as issuer; the embedded stack signs HS256 with a shared
 * secret and names no issuer. Knows no roles.
 */
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import * as v from 'valibot';
import { UserId } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import type { Identity, TokenVerifier } from '../domain/person.ts';

const AUDIENCE = 'authenticated';
/** RFC 5321, 4.5.3.1.3: a path has at most 256 characters. */
const EMAIL_MAX = 256;
/** Clocks of two services differ a little; the token lives an hour. */
const CLOCK_TOLERANCE_S = 10;
const CHECKS = {
  audience: AUDIENCE,
  clockTolerance: CLOCK_TOLERANCE_S,
  requiredClaims: ['exp', 'sub'],
};

/** Tokens of the embedded stack: HS256 with its secret. */
export function sharedSecretTokens(secret: string): TokenVerifier {
  const key = new TextEncoder().encode(secret);
  return verifier((token) => jwtVerify(token, key, { ...CHECKS, algorithms: ['HS256'] }));
}

/** Tokens of a hosted project: its published keys, its issuer. Fetches `jwks` and keeps it. */
export function publishedKeyTokens(supabaseUrl: string): TokenVerifier {
  const issuer = `${supabaseUrl}/auth/v1`;
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const options = { ...CHECKS, issuer, algorithms: ['ES256', 'RS256', 'EdDSA'] };
  return verifier((token) => jwtVerify(token, keys, options));
}

function verifier(check: (token: string) => Promise<{ payload: JWTPayload }>): TokenVerifier {
  return {
    async verify(token) {
      const { payload } = await check(token).catch((cause: unknown) => {
        throw keysOutOfReach(cause) ? noKeys(cause) : notSignedIn(cause);
      });
      return identityOf(payload);
    },
  };
}

/**
 * Only people with an account: not the anonymous ones that a project may allow, nor its own roles
 * (`anon`, `service_role`), whose tokens the same keys sign.
 */
const Claims = v.object({
  sub: UserId,
  role: v.literal('authenticated'),
  is_anonymous: v.optional(v.literal(false)),
  // without one it is older than every limit
  iat: v.optional(v.pipe(v.number(), v.integer()), 0),
  email: v.optional(v.pipe(v.string(), v.maxLength(EMAIL_MAX)), ''),
  // how and when somebody signed in; it stays in a renewed token
  amr: v.fallback(v.array(v.looseObject({ timestamp: v.number() })), []),
  // how sure the service is of who this is: aal2 with a second factor
  aal: v.optional(v.string(), 'aal1'),
});

function identityOf(payload: JWTPayload): Identity {
  const claims = v.safeParse(Claims, payload);
  if (!claims.success) throw notSignedIn(undefined);
  const { sub, email, iat, aal, amr } = claims.output;
  // made tomorrow, it would be younger than every sign-out until then
  if (iat > Date.now() / 1000 + CLOCK_TOLERANCE_S) throw notSignedIn(undefined);
  // an ended session must not go on by renewing its token
  const begun_s = Math.min(iat, ...amr.map(({ timestamp }) => timestamp));
  return { user_id: sub, email, begun_s, second_factor: aal === 'aal2' };
}

/** jose reports an unexpected JWKS answer under its generic code, a lost network as TypeError. */
function keysOutOfReach(cause: unknown): boolean {
  if (cause instanceof errors.JWKSTimeout || cause instanceof TypeError) return true;
  return cause instanceof errors.JOSEError && cause.code === 'ERR_JOSE_GENERIC';
}

function noKeys(cause: unknown): AppError {
  return new AppError('unavailable', 'Sign-ins cannot be checked right now.', { cause });
}

function notSignedIn(cause: unknown): AppError {
  return new AppError('unauthenticated', 'The sign-in is missing, expired or not valid here.', {
    hint: 'Sign in again.',
    cause,
  });
}
