/**
 * Invitations and the second factor, by the front door, over real D1. Supabase does not run in
 * workerd: a strict stand-in for its accounts; accounts.node.test.ts holds the adapter to the real
 * one.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { propagateDismissals } from '../../domain/person.ts';
import { signInService } from '../../domain/testing/sign-in-service.ts';
import { adaptersOf, roomsOf } from '../../services.ts';
import { ask, count, freshWorld, type Name, signToken } from '../../testing/world.ts';
import { createApp } from '../app.ts';

const INVITATIONS = '/api/v1/people/invitations';

let supabase: ReturnType<typeof signInService>;
const services = () => ({ ...adaptersOf(env), ...supabase });

interface Sent {
  body?: unknown;
  aal?: 'aal1' | 'aal2';
}

async function call(who: Name, method: string, path: string, { body, aal = 'aal1' }: Sent = {}) {
  const token = await signToken({ sub: `id-${who}`, email: `${who}@example.net`, aal });
  const request = new Request(`http://bench.example.net${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const response = await createApp(roomsOf(services())).fetch(request);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const invite = (body: unknown) => call('ada', 'POST', INVITATIONS, { body });
const trail = async () => {
  const { body } = await call('ada', 'GET', '/api/v1/audit');
  return (body.changes as { action: string; target: string; after: unknown }[]).map(
    ({ action, target, after }) => ({ action, target, after }),
  );
};

beforeEach(async () => {
  await freshWorld();
  supabase = signInService();
});

describe('an invitation', () => {
  const owner = { email: ' Nora@Example.net ', role: 'owner', location_ids: ['bakery', 'books'] };

  test('makes an account, a role and places, and leaves a trace', async () => {
    expect(await invite(owner)).toMatchObject({
      status: 200,
      body: { user_id: 'id-of-nora', email: 'nora@example.net', role: 'owner', mailed: true },
    });
    expect(supabase.state.mails).toEqual(['nora@example.net http://bench.example.net/password']);
    expect([...supabase.state.members]).toEqual(['id-of-nora bakery', 'id-of-nora books']);
    const places = env.DB.prepare('SELECT location_id FROM memberships WHERE user_id = ?1');
    expect((await places.bind('id-of-nora').all()).results).toHaveLength(2);
    expect(await trail()).toEqual([
      {
        action: 'person.invite',
        target: 'person:id-of-nora',
        after: { email: 'nora@example.net', role: 'owner', places: 'bakery books' },
      },
    ]);
  });

  test('is repeated until it is used: a mail each time, one person, one trace', async () => {
    await invite(owner);
    expect((await invite(owner)).body.mailed).toBe(true);
    expect(supabase.state.mails).toHaveLength(2);
    expect(await count('people')).toBe(5);
    expect(await trail()).toHaveLength(1);
  });

  test('of an account in use gives the role; of a person with one, a conflict', async () => {
    supabase.state.accounts.set('nora@example.net', { id: 'id-nora', used: true, confirmed: true });
    const nora = { email: 'nora@example.net', role: 'installer' };
    expect(await invite(nora)).toMatchObject({ status: 200, body: { mailed: false } });
    expect((await invite(nora)).status).toBe(409);
    expect(supabase.state.mails).toEqual([]);
    supabase.state.accounts.set('late@example.net', {
      id: 'id-late',
      used: true,
      confirmed: false,
    });
    expect((await invite({ ...nora, email: 'late@example.net' })).status).toBe(409);
  });

  test('of somebody dismissed a moment ago is not undone by the job', async () => {
    supabase.state.accounts.set('otto@example.net', { id: 'id-otto', used: true, confirmed: true });
    await env.DB.batch([
      env.DB.prepare("INSERT INTO dismissals VALUES ('id-otto')"),
      env.DB.prepare("DELETE FROM memberships WHERE user_id = 'id-otto'"),
      env.DB.prepare("DELETE FROM people WHERE user_id = 'id-otto'"),
    ]);
    await invite({ email: 'otto@example.net', role: 'installer' });
    await propagateDismissals(services());
    expect(supabase.state.accounts.has('otto@example.net')).toBe(true);
  });

  test.each([
    ['no address', { email: 'nobody', role: 'admin' }],
    ['a header in the address', { email: 'a@b.example\r\nBcc: c@d.example', role: 'admin' }],
    ['an owner without a place', { email: 'a@example.net', role: 'owner' }],
    [
      'an installer with one',
      { email: 'a@example.net', role: 'installer', location_ids: ['books'] },
    ],
    ['an unknown place', { email: 'a@example.net', role: 'owner', location_ids: ['nowhere'] }],
  ])('with %s is refused, and nobody is mailed', async (_name, body) => {
    expect((await invite(body)).status).toBe(400);
    expect([...supabase.state.accounts, ...supabase.state.mails]).toEqual([]);
  });

  test('is an administrator’s; without Supabase nothing is half done', async () => {
    const body = { email: 'a@example.net', role: 'admin' };
    for (const who of ['olga', 'ines'] as const) {
      expect((await call(who, 'POST', INVITATIONS, { body })).status).toBe(403);
    }
    supabase.state.isReachable = false;
    expect((await invite(body)).status).toBe(503);
    expect(await count('people')).toBe(4);
  });
});

describe('the second factor', () => {
  const mine = '/api/v1/me/second-factor';

  test('once on, a session without it is over; off again, it counts', async () => {
    expect((await call('ines', 'PUT', mine, { aal: 'aal2' })).status).toBe(200);
    const without = await call('ines', 'GET', '/api/v1/me');
    expect(without.status).toBe(401);
    expect(without.body.error).toMatchObject({ message: 'This session lacks the second factor.' });
    const withIt = await call('ines', 'GET', '/api/v1/me', { aal: 'aal2' });
    expect(withIt.body).toMatchObject({ role: 'installer', second_factor: true });
    expect((await call('olga', 'GET', '/api/v1/me')).status).toBe(200);
    expect((await call('ines', 'DELETE', mine, { aal: 'aal2' })).status).toBe(200);
    expect((await call('ines', 'GET', '/api/v1/me')).status).toBe(200);
    expect((await trail()).map(({ after }) => after)).toEqual([
      { required: false },
      { required: true },
    ]);
  });

  test('is neither set nor removed by a session without it', async () => {
    for (const method of ['PUT', 'DELETE']) {
      expect((await call('ines', method, mine)).status).toBe(403);
    }
    expect(await count('second_factors')).toBe(0);
  });

  test('guards the admin API as well', async () => {
    await call('ada', 'PUT', mine, { aal: 'aal2' });
    expect((await call('ada', 'GET', '/api/devices')).status).toBe(401);
    expect((await call('ada', 'GET', '/api/devices', { aal: 'aal2' })).status).toBe(200);
  });

  test('is taken off by another administrator, at Supabase first', async () => {
    await call('ines', 'PUT', mine, { aal: 'aal2' });
    const lost = '/api/v1/people/id-ines/second-factor';
    supabase.state.isReachable = false;
    expect((await call('ada', 'DELETE', lost)).status).toBe(503);
    expect((await call('ines', 'GET', '/api/v1/me')).status).toBe(401);
    supabase.state.isReachable = true;
    expect((await call('ada', 'DELETE', lost)).status).toBe(200);
    expect((await call('ines', 'GET', '/api/v1/me')).status).toBe(200);
    expect((await call('ada', 'DELETE', '/api/v1/people/id-ada/second-factor')).status).toBe(409);
    expect((await call('ada', 'DELETE', '/api/v1/people/id-x/second-factor')).status).toBe(404);
    expect((await call('ines', 'DELETE', lost)).status).toBe(403);
  });

  test('outlives a dismissal, as the factor at Supabase may', async () => {
    await call('ines', 'PUT', mine, { aal: 'aal2' });
    await ask('ada', '/api/v1/people/id-ines', { method: 'DELETE' });
    expect(await count('second_factors')).toBe(1);
  });
});
