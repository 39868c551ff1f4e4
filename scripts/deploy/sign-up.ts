/**
 * Whether strangers can make accounts at a deployment: asks the page for its settings and the
 * sign-in service for its own, and holds them against each other. Knows no Worker.
 */
import * as v from 'valibot';
import { error, type Finding } from './finding.ts';

const TIMEOUT_MS = 20_000;

const PageSettings = v.object({
  supabase_url: v.string(),
  supabase_anon_key: v.string(),
  sign_up: v.optional(v.boolean(), false),
});
/** GET /auth/v1/settings of Supabase Auth: its public part. */
const AuthSettings = v.object({ disable_signup: v.boolean() });

/** @throws Error without an answer, or for one of another shape */
export async function lookAtSignUp(page: string): Promise<Finding[]> {
  const settings = v.parse(PageSettings, await json(`${page}/api/v1/settings`));
  const auth = new URL('auth/v1/settings', `${settings.supabase_url.replace(/\/$/, '')}/`);
  const headers = { apikey: settings.supabase_anon_key };
  const { disable_signup } = v.parse(AuthSettings, await json(auth.href, headers));
  if (settings.sign_up !== disable_signup) return [];
  return [
    error(
      disable_signup
        ? 'SIGN_UP is on, and Supabase lets nobody sign up: turn one of them over.'
        : 'Anybody can make an account: switch sign-ups off in Supabase, or set SIGN_UP = "on".',
    ),
  ];
}

async function json(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${url} is answered ${answer.status}`);
  return await answer.json();
}
