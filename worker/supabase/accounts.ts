/**
 * Accounts at Supabase Auth through its admin API, with the service key. Names and answers: auth-js
 * GoTrueAdminApi, and `GET /admin/users?filter=` of github.com/supabase/auth. Knows no role.
 */
import * as v from 'valibot';
import { AppError } from '../../shared/errors.ts';
import type { Accounts } from '../domain/invitation.ts';
import { clientOf, keyOf, type SupabaseAccess } from './client.ts';

/** Somebody waits for the answer. */
const TIMEOUT_MS = 10_000;

const Found = v.object({
  users: v.array(
    v.object({
      id: v.string(),
      email: v.optional(v.nullable(v.string())),
      email_confirmed_at: v.optional(v.nullable(v.string())),
    }),
  ),
});

/** What auth-js says of a failure. */
interface Fault {
  status?: number | undefined;
  code?: string | undefined;
}

export function supabaseAccounts(access: SupabaseAccess): Accounts {
  const limited: typeof fetch = (input, init) =>
    (access.fetch ?? fetch)(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const admin = () => clientOf({ ...access, fetch: limited }, keyOf(access)).auth.admin;
  return {
    async invite(email, redirectTo) {
      const { data, error } = await admin().inviteUserByEmail(email, { redirectTo });
      if (error?.code === 'email_exists') return null;
      if (error || !data.user) throw refused(error);
      return data.user.id;
    },
    async find(email) {
      const key = keyOf(access);
      const address = `${access.url}/auth/v1/admin/users?filter=${encodeURIComponent(email)}`;
      const headers = { apikey: key, Authorization: `Bearer ${key}` };
      const answer = await limited(address, { headers }).catch((cause: unknown) => {
        throw refused(null, cause);
      });
      const found = v.safeParse(Found, await answer.json().catch(() => null));
      if (!answer.ok || !found.success) throw refused({ status: answer.status });
      const account = found.output.users.find((user) => user.email === email);
      return account?.email_confirmed_at ? account.id : null;
    },
    async remove(userId) {
      if (!UUID.test(userId)) return; // no account of this service
      const { error } = await admin().deleteUser(userId);
      if (error && !isGone(error)) throw refused(error);
    },
    async removeSecondFactors(userId) {
      if (!UUID.test(userId)) throw refused(null);
      const { data, error } = await admin().mfa.listFactors({ userId });
      if (error) throw isMissing(error) ? noSecondFactors() : refused(error);
      for (const { id } of data.factors) {
        const { error } = await admin().mfa.deleteFactor({ id, userId });
        if (error) throw refused(error);
      }
    },
  };
}

/** auth-js throws for any other. */
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const isGone = ({ code }: Fault) => code === 'user_not_found';
/** A service without this part of the API, such as the embedded one. */
const isMissing = ({ status, code }: Fault) => status === 404 && !isGone({ code });

function noSecondFactors(): AppError {
  return new AppError('unavailable', 'This sign-in service has no second factors.');
}

function refused(fault: Fault | null, cause: unknown = fault): AppError {
  if (fault?.status === 429 || fault?.code === 'over_email_send_rate_limit') {
    return new AppError('rate_limited', 'The sign-in service sends no more mails just now.', {
      hint: 'Wait a minute, then try again.',
      cause,
    });
  }
  if (fault?.code === 'email_address_invalid' || fault?.code === 'validation_failed') {
    return new AppError('invalid', 'email: the sign-in service does not take this address', {
      cause,
    });
  }
  return new AppError('unavailable', 'The sign-in service did not take it.', {
    hint: 'Try again in a moment.',
    cause,
  });
}
