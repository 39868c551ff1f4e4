/**
 * The part of Supabase Auth's admin API that the Worker uses and Supabase Lite does not have: make,
 * invite, find and delete accounts. Requests and answers are those of Supabase Auth
 * (github.com/supabase/auth, openapi.yaml); an invited person's link is of Lite's kind. Knows no
 * server.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';

export interface AdminParts {
  serviceKey: string;
  publishableKey: string;
  /** An instance of the service that lets anybody make an account. */
  inner: (request: Request) => Response | Promise<Response>;
  sql: (query: string, ...values: unknown[]) => Promise<Record<string, unknown>[]>;
}

/** As Supabase Auth words what it refuses. */
interface Fault {
  status: number;
  code: string;
  msg: string;
}

interface Account {
  id: string;
  email: string;
}

const ADMIN = /^\/auth\/v1\/(invite|admin\/.*)$/;
const ACCOUNT = /^admin\/users\/([0-9a-f-]{36})$/;
const FIELDS = 'id, email, email_confirmed_at, invited_at, last_sign_in_at';

/** null: not for this API. */
export function adminApi(parts: AdminParts): (request: Request) => Promise<Response | null> {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const [, what = ''] = ADMIN.exec(pathname) ?? [];
    if (what === '') return null;
    if (!holdsKey(request, parts.serviceKey)) return fault(NO_ADMIN);
    const [, id] = ACCOUNT.exec(what) ?? [];
    if (request.method === 'DELETE' && id) return await remove(parts, id);
    if (request.method === 'GET' && what === 'admin/users')
      return await find(parts, searchParams.get('filter') ?? '');
    if (request.method !== 'POST' || !['invite', 'admin/users'].includes(what))
      return fault(NOT_HERE);
    const { email, password } = (await request.json()) as Record<string, string>;
    if (!email) return fault({ status: 400, code: 'validation_failed', msg: 'An email is needed' });
    if (what === 'invite') return await invite(parts, email, searchParams.get('redirect_to'));
    const made = await make(parts, email, password ?? randomPassword());
    return 'id' in made ? Response.json(made) : fault(made);
  };
}

const NO_ADMIN: Fault = { status: 403, code: 'not_admin', msg: 'User not allowed' };
const NOT_HERE: Fault = { status: 404, code: 'not_found', msg: 'Not in the embedded service' };
const EXISTS: Fault = {
  status: 422,
  code: 'email_exists',
  msg: 'A user with this email address has already been registered',
};

/** An account, and a mail with a link; for one that was never used, another mail. */
async function invite(parts: AdminParts, email: string, to: string | null): Promise<Response> {
  const [known] = await parts.sql(`SELECT ${FIELDS} FROM auth.users WHERE email = $1`, email);
  if (known?.last_sign_in_at) return fault(EXISTS);
  const account = known ?? (await make(parts, email, randomPassword()));
  if (!('id' in account)) return fault(account as Fault);
  // whoever has just been made has not signed in: only the link in the mail does that
  const sql = `UPDATE auth.users SET invited_at = now(), last_sign_in_at = NULL
    WHERE id = $1 RETURNING ${FIELDS}`;
  const [invited] = await parts.sql(sql, account.id);
  const query = to ? `?redirect_to=${encodeURIComponent(to)}` : '';
  const mailed = await parts.inner(inside(parts, `recover${query}`, { email }));
  return mailed.ok ? Response.json(invited) : mailed;
}

async function make(parts: AdminParts, email: string, password: string): Promise<Account | Fault> {
  const [known] = await parts.sql('SELECT id FROM auth.users WHERE email = $1', email);
  if (known) return EXISTS;
  const answer = await parts.inner(inside(parts, 'signup', { email, password }));
  const body = (await answer.json()) as { user?: Account; error_code?: string; msg?: string };
  const { user } = body;
  if (!user) {
    const { error_code: code = 'unexpected_failure', msg = '' } = body;
    return { status: answer.status, code, msg };
  }
  // signing up opened a session that nobody asked for
  await parts.sql('DELETE FROM auth.sessions WHERE user_id = $1', user.id);
  return user;
}

async function find(parts: AdminParts, filter: string): Promise<Response> {
  const sql = `SELECT ${FIELDS} FROM auth.users WHERE email LIKE '%' || $1 || '%' LIMIT 50`;
  return Response.json({ users: await parts.sql(sql, filter), aud: 'authenticated' });
}

async function remove(parts: AdminParts, id: string): Promise<Response> {
  const rows = await parts.sql('DELETE FROM auth.users WHERE id = $1 RETURNING id', id);
  if (rows.length > 0) return Response.json({});
  return fault({ status: 404, code: 'user_not_found', msg: 'User not found' });
}

function inside({ publishableKey }: AdminParts, path: string, body: object): Request {
  return new Request(`http://127.0.0.1/auth/v1/${path}`, {
    method: 'POST',
    headers: { apikey: publishableKey, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

function holdsKey(request: Request, key: string): boolean {
  const given = Buffer.from(request.headers.get('authorization')?.replace(/^Bearer /i, '') ?? '');
  const right = Buffer.from(key);
  return key !== '' && given.length === right.length && timingSafeEqual(given, right);
}

const randomPassword = () => randomBytes(24).toString('base64url');

function fault({ status, code, msg }: Fault): Response {
  return Response.json({ code: status, error_code: code, msg }, { status });
}
