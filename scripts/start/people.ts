/**
 * The demo people: made through the admin API of the embedded Supabase, since nobody may sign up.
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
    const id =
      (await makeAccount(supabase, secrets, role)) ?? (await idOf(supabase, secrets, role));
    if (!id)
      throw new AppError('internal', `The demo ${role} can neither be made nor signed in.`, {
        hint: 'Start with fresh data: npm start -- --reset',
      });
    people.push({ id, email: demoEmail(role), role });
  }
  return people;
}

/** An access token of a demo person. */
export async function demoToken(
  supabase: string,
  secrets: DevSecrets,
  role: DemoRole,
): Promise<string> {
  const answer = await signIn(supabase, secrets, role);
  if (!answer?.access_token)
    throw new AppError('unauthenticated', `The demo ${role} could not be signed in.`);
  return answer.access_token;
}

/** The new account's id, or null when there is one already. */
async function makeAccount(
  supabase: string,
  secrets: DevSecrets,
  role: DemoRole,
): Promise<string | null> {
  const key = { authorization: `Bearer ${secrets.serviceKey}` };
  const facts = { ...credentials(secrets, role), email_confirm: true };
  const made = await post<{ id: string }>(`${supabase}/auth/v1/admin/users`, key, facts);
  return made?.id ?? null;
}

async function idOf(supabase: string, secrets: DevSecrets, role: DemoRole): Promise<string | null> {
  return (await signIn(supabase, secrets, role))?.user?.id ?? null;
}

function signIn(supabase: string, secrets: DevSecrets, role: DemoRole): Promise<AuthAnswer | null> {
  const address = `${supabase}/auth/v1/token?grant_type=password`;
  return post(address, { apikey: secrets.publishableKey }, credentials(secrets, role));
}

const credentials = (secrets: DevSecrets, role: DemoRole) => ({
  email: demoEmail(role),
  password: secrets.passwords[role],
});

async function post<T>(
  address: string,
  key: Record<string, string>,
  body: object,
): Promise<T | null> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { ...key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answer.ok ? ((await answer.json()) as T) : null;
}
