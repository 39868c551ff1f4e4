/**
 * Accounts for real: Supabase Lite on PGlite with the admin API that the development stack adds to
 * it, spoken to through supabase-js by the Worker's own adapter. Second factors are not in it.
 */
import { App } from '@supabase/lite';
import { createPgliteConnection } from '@supabase/lite/pglite';
import { beforeAll, expect, test } from 'vitest';
import { adminApi } from '../../scripts/start/lite-admin.ts';
import { supabaseAccounts } from './accounts.ts';

const URL_OF_NOBODY = 'http://127.0.0.1:1';
const PUBLISHABLE = `sb_publishable_${'p'.repeat(22)}_pppppppp`;
const SERVICE = `sb_secret_${'s'.repeat(18)}`;
const PAGE = 'http://localhost:5170/password';

let reach: typeof fetch;
const mails: string[] = [];
const of = (serviceKey: string | undefined = SERVICE) =>
  supabaseAccounts({ url: URL_OF_NOBODY, serviceKey, fetch: reach });

beforeAll(async () => {
  const connection = await createPgliteConnection({ url: 'memory://' });
  const keys = { publishable_key: PUBLISHABLE, secret_key: SERVICE, jwt_secret: 'x'.repeat(40) };
  const auth = { enabled: true, enable_signup: true, email: { enable_confirmations: false } };
  const email = { send: async ({ to }: { to: string }) => void mails.push(to) };
  const app = new App({
    connection,
    auth: { ...auth, ...keys },
    options: { drivers: { email } },
  });
  await app.ensureSystemSchema();
  const admin = adminApi({
    serviceKey: SERVICE,
    publishableKey: PUBLISHABLE,
    inner: (request) => app.fetch(request),
    sql: async (query, ...values) =>
      (await connection.driver.query<Record<string, unknown>>(query, values)).rows,
  });
  reach = async (input, init) => {
    const request = new Request(input, init);
    return (await admin(request)) ?? (await app.fetch(request));
  };
}, 60_000);

async function signIn(email: string, password: string): Promise<number> {
  const answer = await reach(`${URL_OF_NOBODY}/auth/v1/token?grant_type=password`, {
    method: 'POST',
    headers: { apikey: PUBLISHABLE, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  return answer.status;
}

test('who is invited has an account and a mail, and is found by exactly this address', async () => {
  const id = await of().invite('nora@example.net', PAGE);
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(mails).toEqual(['nora@example.net']);
  expect(await of().find('nora@example.net')).toBe(id);
  expect(await of().find('ora@example.net')).toBeNull();
  expect(await of().find('%')).toBeNull();
});

test('an account that is in use is not invited', async () => {
  const account = { email: 'otto@example.net', password: 'otto-has-one' };
  const headers = { authorization: `Bearer ${SERVICE}`, 'content-type': 'application/json' };
  const at = `${URL_OF_NOBODY}/auth/v1/admin/users`;
  await reach(at, { method: 'POST', headers, body: JSON.stringify(account) });
  expect(await signIn(account.email, account.password)).toBe(200);
  expect(await of().invite(account.email, PAGE)).toBeNull();
});

test('a removed account signs nobody in, and removing it again is no error', async () => {
  const id = (await of().find('otto@example.net')) ?? '';
  await of().remove(id);
  await of().remove(id);
  expect(await signIn('otto@example.net', 'otto-has-one')).toBe(400);
  expect(await of().find('otto@example.net')).toBeNull();
});

test('refusals are reported: a wrong key, no key, no service, no second factors', async () => {
  const wrong = { code: 'unavailable' };
  await expect(of('sb_secret_wrong').invite('a@example.net', PAGE)).rejects.toMatchObject(wrong);
  await expect(of('sb_secret_wrong').find('a@example.net')).rejects.toMatchObject(wrong);
  const id = '00000000-0000-4000-8000-000000000000';
  await expect(of(PUBLISHABLE).remove(id)).rejects.toMatchObject(wrong);
  const alone = supabaseAccounts({ url: URL_OF_NOBODY, serviceKey: SERVICE });
  await expect(alone.find('a@example.net')).rejects.toMatchObject(wrong);
  await expect(alone.invite('a@example.net', PAGE)).rejects.toMatchObject(wrong);
  const noKey = supabaseAccounts({ url: URL_OF_NOBODY, serviceKey: undefined });
  await expect(noKey.find('a@example.net')).rejects.toMatchObject(wrong);
  await expect(of().removeSecondFactors(id)).rejects.toMatchObject({
    message: 'This sign-in service has no second factors.',
  });
});
