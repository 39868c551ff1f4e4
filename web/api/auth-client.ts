/**
 * What everything beyond renewing a session shares: clients of auth-js that keep nothing by
 * themselves, and the service's refusals in words. Fetched, with the library (23 KB), when first
 * needed. Knows no session.
 */
import { msg } from '@lit/localize';
import type { Factor, GoTrueClient } from '@supabase/auth-js';
import { AppError } from '../../shared/errors.ts';
import { unexpectedAnswerOf } from '../../shared/outcome.ts';
import { type AuthService, authUrl, limitedFetch, noService } from './auth-address.ts';
import { unexpectedAnswerError } from './http.ts';

/** Each client has a name of its own: auth-js lets those of one name share what they hold. */
let clients = 0;

/**
 * A client that holds its session in memory only: what is kept in the browser is our decision.
 * @throws AppError `unavailable` without a network
 */
export async function authClient({ settings, origin }: AuthService): Promise<GoTrueClient> {
  try {
    const [{ GoTrueClient: Client }, { supabase_url, supabase_anon_key }] = await Promise.all([
      import('@supabase/auth-js'),
      settings(),
    ]);
    clients += 1;
    return new Client({
      url: authUrl(supabase_url, origin),
      fetch: limitedFetch,
      headers: { apikey: supabase_anon_key },
      storageKey: `jambench-memory-${clients}`,
      persistSession: false,
      autoRefreshToken: false,
      detectSessionInUrl: false,
    });
  } catch (error) {
    throw error instanceof AppError ? error : noService(error);
  }
}

/** What came of a right password: a session, or a question for the code. */
export interface PasswordAnswer {
  /** As the service gave it; null when the code is missing. */
  session: object | null;
  /** Resolves with the session. Rejects with `invalid` for a wrong code; it can be tried again. */
  enter(code: string): Promise<object>;
}

/** @throws AppError `unauthenticated`, `rate_limited`, `unavailable` */
export async function signInByPassword(
  service: AuthService,
  email: string,
  password: string,
): Promise<PasswordAnswer> {
  const client = await authClient(service);
  const { data, error } = await client.signInWithPassword({ email, password });
  if (error) throw signInError(error);
  const factor = data.user.factors?.find(isUsable);
  return {
    session: factor ? null : data.session,
    async enter(code) {
      const { data, error } = await client.mfa.challengeAndVerify({
        factorId: factor?.id ?? '',
        code,
      });
      if (error) throw accountError(error);
      return withEnd(data);
    },
  };
}

const isUsable = ({ factor_type, status }: Factor) =>
  factor_type === 'totp' && status === 'verified';

/** Services of before 2023 say only how long a session lives. */
export function withEnd(session: { expires_in: number }): object {
  return { expires_at: Math.floor(Date.now() / 1000) + session.expires_in, ...session };
}

/** How auth-js reports a failure: no status or 5xx when there is no service. */
export interface AuthFailure {
  status?: number | undefined;
  code?: string | undefined;
  message: string;
}

function signInError(error: AuthFailure): AppError {
  const { status = 0, code } = error;
  const known = knownError(error);
  if (known) return known;
  if (code === 'email_not_confirmed') {
    return new AppError('unauthenticated', msg('This e-mail address is not confirmed yet.'), {
      hint: msg('Open the link in the message we sent you, then sign in.'),
      cause: error,
    });
  }
  if (code === 'invalid_credentials' || (code && [400, 401, 403, 422].includes(status))) {
    return wrongPassword(error);
  }
  if (status === 400 && /^invalid login/i.test(error.message)) return wrongPassword(error);
  return status >= 400
    ? unexpectedAnswerError(unexpectedAnswerOf(status), status)
    : noService(error);
}

function wrongPassword(cause: AuthFailure): AppError {
  return new AppError('unauthenticated', msg('E-mail or password is not right.'), {
    hint: msg('Check both and try again.'),
    cause,
  });
}

/** A refusal of anything but a password at sign-in. */
export function accountError(error: AuthFailure): AppError {
  const { status = 0 } = error;
  return (
    knownError(error) ??
    (status >= 400 ? unexpectedAnswerError(unexpectedAnswerOf(status), status) : noService(error))
  );
}

type Words = [code: 'invalid' | 'forbidden', what: string, hint: string];

/** Words for the service's codes (supabase.com/docs/guides/auth/debugging/error-codes). */
const WORDS: Readonly<Record<string, () => Words>> = {
  mfa_verification_failed: () => [
    'invalid',
    msg('This code is not right.'),
    msg('Wait for the next code of your app, and check that the clock of your phone is right.'),
  ],
  mfa_challenge_expired: () => [
    'invalid',
    msg('That took too long.'),
    msg('Enter the code that is shown now.'),
  ],
  mfa_totp_enroll_not_enabled: () => [
    'forbidden',
    msg('Second factors are switched off here.'),
    msg('An operator turns them on at the sign-in service.'),
  ],
  otp_expired: () => [
    'invalid',
    msg('This link has expired or was used already.'),
    msg('Ask for another one: under “Forgotten your password?”, or your administrator.'),
  ],
  weak_password: () => [
    'invalid',
    msg('This password is too easy to guess.'),
    msg('Choose a longer one.'),
  ],
  same_password: () => ['invalid', msg('That is the old password.'), msg('Choose another one.')],
  user_already_exists: () => [
    'invalid',
    msg('This address has an account already.'),
    msg('Sign in, or ask for a new password.'),
  ],
  signup_disabled: () => [
    'forbidden',
    msg('Nobody can make an account here.'),
    msg('Ask an administrator for an invitation.'),
  ],
  email_address_invalid: () => [
    'invalid',
    msg('This is no address we can send mail to.'),
    msg('Check it.'),
  ],
  insufficient_aal: () => [
    'forbidden',
    msg('This needs the code of your authenticator app.'),
    msg('Sign out, then sign in with the code.'),
  ],
};

function knownError(error: AuthFailure): AppError | null {
  if (error.status === 429) {
    return new AppError('rate_limited', msg('Too many attempts in a short time.'), {
      hint: msg('Wait a minute, then try again.'),
      cause: error,
    });
  }
  const words = WORDS[error.code ?? '']?.();
  return words ? new AppError(words[0], words[1], { hint: words[2], cause: error }) : null;
}
