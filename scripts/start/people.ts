/**
 * The demo people: made through the auth API of the embedded Supabase, as anyone who signs up.
 * Knows no roles table; what a person may do is the seed's business.
 */
import { AppError } from '../../shared/errors.ts';
import { DEMO_ROLES, type DemoRole, type DevSecrets, demoEmail } from './secrets.ts';

export interface Person {
  /** The user id that their sessions carry as `sub`. */
  id: string;
  email: string;
  role: DemoRole;
}

interface AuthAnswer {
  access_token?: string;
  user?: { id: string };
}

/** All demo people with their ids; those that exist already are signed in instead. */
export async function demoPeople(supabase: string, secrets: DevSecrets): Promise<Person[]> {
  const people: Person[] = [];
  for (const role of DEMO_ROLES) {
    const signedUp = await auth(supabase, 'signup', secrets, role);
    const answer = signedUp ?? (await auth(supabase, 'token?grant_type=password', secrets, role));
    if (!answer?.user)
      throw new AppError('internal', `The demo ${role} can neither be made nor signed in.`, {
        hint: 'Start with fresh data: npm start -- --reset',
      });
    people.push({ id: answer.user.id, email: demoEmail(role), role });
  }
  return people;
}

/** An access token of a demo person. */
export async function demoToken(
  supabase: string,
  secrets: DevSecrets,
  role: DemoRole,
): Promise<string> {
  const answer = await auth(supabase, 'token?grant_type=password', secrets, role);
  if (!answer?.access_token)
    throw new AppError('unauthenticated', `The demo ${role} could not be signed in.`);
  return answer.access_token;
}

async function auth(
  supabase: string,
  path: string,
  secrets: DevSecrets,
  role: DemoRole,
): Promise<AuthAnswer | null> {
  const answer = await fetch(`${supabase}/auth/v1/${path}`, {
    method: 'POST',
    headers: { apikey: secrets.publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify({ email: demoEmail(role), password: secrets.passwords[role] }),
  });
  return answer.ok ? ((await answer.json()) as AuthAnswer) : null;
}
