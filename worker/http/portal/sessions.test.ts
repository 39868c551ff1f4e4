/** Sessions: whose token counts, since when, and that a dismissed person is out at once. */
import { env, exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { runJob } from '../../domain/job.ts';
import { adaptersOf } from '../../services.ts';
import {
  addUnit,
  ask,
  count,
  freshWorld,
  giveWork,
  type Name,
  signToken,
} from '../../testing/world.ts';

const S = () => Math.floor(Date.now() / 1000);
const GET = (token: string, path = '/api/v1/me') =>
  exports.default.fetch(
    new Request(`http://bench.example.net${path}`, {
      headers: { Authorization: `Bearer ${token}` },
    }),
  );
const olga = { sub: 'id-olga', email: 'olga@example.net' };
const status = async (answer: Promise<Response>) => (await answer).status;
const post = (who: Name, path: string) => ask(who, path, { method: 'POST' });

beforeEach(freshWorld);

describe('a token', () => {
  test.each([
    ['of a number', { sub: 7 }],
    ['of nobody', { sub: '' }],
    ['of an object', { sub: { a: 1 } }],
    ['of a list', { sub: ['id-olga'] }],
    ['with a very long name', { sub: 'x'.repeat(65) }],
    ['of the anonymous role', { ...olga, role: 'anon' }],
    ['of the service', { ...olga, role: 'service_role' }],
    ['of no role', { ...olga, role: undefined }],
    ['of an anonymous sign-in', { ...olga, is_anonymous: true }],
    ['whose mail is a number', { ...olga, email: 7 }],
  ])('%s is 401, and never 500', async (_name, claims) => {
    expect(await status(GET(await signToken(claims)))).toBe(401);
  });

  test('of a person counts', async () => {
    expect(await status(GET(await signToken({ ...olga, is_anonymous: false })))).toBe(200);
  });
});

describe('signing out everywhere', () => {
  test('ends every token there is, of this person only, and a new one counts', async () => {
    const mine = await signToken(olga);
    const otto = await signToken({ sub: 'id-otto', email: 'otto@example.net' });
    expect(await status(GET(mine))).toBe(200);
    expect(await status(post('olga', '/api/v1/me/sign-out'))).toBe(200);
    const ended = await GET(mine);
    expect(ended.status).toBe(401);
    expect(await ended.json()).toMatchObject({ error: { code: 'unauthenticated' } });
    expect(await status(GET(otto))).toBe(200);
    await env.DB.prepare('UPDATE session_limits SET not_before_s = ?1').bind(S()).run();
    expect(await status(GET(await signToken(olga)))).toBe(200);
  });

  test('ends a session that renews its token: it began before', async () => {
    const began = S() - 600;
    const renewed = (timestamp: number) =>
      signToken({ ...olga, amr: [{ method: 'password', timestamp }] });
    expect(await status(GET(await renewed(began)))).toBe(200);
    await env.DB.prepare('INSERT INTO session_limits VALUES (?1, ?2)')
      .bind(olga.sub, began + 1)
      .run();
    expect(await status(GET(await renewed(began)))).toBe(401);
    expect(await status(GET(await renewed(began + 1)))).toBe(200);
    // with a second factor added later, it is still the session of before
    const [password, totp] = [began, began + 300].map((timestamp) => ({ timestamp }));
    expect(await status(GET(await signToken({ ...olga, amr: [totp, password] })))).toBe(401);
    // what says nothing of it counts from its making
    for (const amr of [undefined, [], ['pwd'], 'pwd', [{ method: 'password' }]]) {
      expect(await status(GET(await signToken({ ...olga, amr })))).toBe(200);
    }
  });

  test('never lets an older moment reopen what a later one closed', async () => {
    const { people } = adaptersOf(env);
    const change = { at_ms: 0, actor: 'a', action: 'person.sign_out', target: 'b' } as const;
    const facts = { before: null, after: null };
    await people.endSessions('id-olga', 2000, { ...change, ...facts });
    await people.endSessions('id-olga', 1000, { ...change, ...facts });
    expect((await people.find('id-olga'))?.not_before_s).toBe(2000);
  });
});

describe('an administrator', () => {
  test('changes a role: the open session ends, the next one has the new role', async () => {
    const before = await signToken({ sub: 'id-otto', email: 'otto@example.net' });
    const change = { method: 'PUT', body: { role: 'installer' } };
    expect(await status(ask('ada', '/api/v1/people/id-otto/role', change))).toBe(200);
    expect(await status(GET(before))).toBe(401);
    await env.DB.prepare('UPDATE session_limits SET not_before_s = 0').run();
    const me = await (await ask('otto', '/api/v1/me')).json();
    expect(me).toMatchObject({ role: 'installer' });
  });

  test('ends the sessions of a person', async () => {
    const open = await signToken({ sub: 'id-ines', email: 'ines@example.net' });
    expect(await status(post('ada', '/api/v1/people/id-ines/sign-out'))).toBe(200);
    expect(await status(GET(open))).toBe(401);
    expect(await status(post('ada', '/api/v1/people/id-nobody/sign-out'))).toBe(404);
  });

  test('dismisses a person: no role, place, id or work is left, in Supabase neither', async () => {
    await addUnit('JBNB0001');
    await giveWork('ines');
    await ask('ines', '/api/v1/units/reserve', { body: {} });
    const old = await signToken(olga);
    for (const id of ['id-ines', 'id-olga']) {
      expect(await status(ask('ada', `/api/v1/people/${id}`, { method: 'DELETE' }))).toBe(200);
    }
    for (const who of ['ines', 'olga'] as const) {
      expect(await status(ask(who, '/api/v1/me'))).toBe(403);
    }
    expect(await count('reservations')).toBe(0);
    expect(await count('memberships')).toBe(1);
    const order = await env.DB.prepare('SELECT assigned_to FROM work_orders').first();
    expect(order).toEqual({ assigned_to: null });
    // who comes back begins anew: what he signed before does not come back
    await env.DB.prepare(
      "INSERT INTO people VALUES ('id-olga', 'olga@example.net', 'owner')",
    ).run();
    expect(await status(GET(old))).toBe(401);
  });

  test('Supabase learns of it as soon as it answers, once', async () => {
    await ask('ada', '/api/v1/people/id-otto', { method: 'DELETE' });
    const gone: string[] = [];
    const closed: string[] = [];
    let reachable = false;
    const removeAll = async (id: string) => {
      if (!reachable) throw new AppError('unavailable', 'no answer');
      gone.push(id);
    };
    const footTraffic = { push: async () => {} };
    const { accounts, sharedMemberships, ...others } = adaptersOf(env);
    const remove = async (id: string) => void closed.push(id);
    const ports = {
      ...others,
      footTraffic,
      sharedMemberships: { ...sharedMemberships, removeAll },
      accounts: { ...accounts, remove },
    };
    expect((await runJob(ports, 'five_minutes')).failures).toHaveLength(1);
    reachable = true;
    expect((await runJob(ports, 'five_minutes')).failures).toHaveLength(0);
    await runJob(ports, 'five_minutes');
    expect([gone, closed]).toEqual([['id-otto'], ['id-otto']]);
  });

  test('not oneself', async () => {
    const change = { method: 'PUT', body: { role: 'owner' } };
    expect(await status(ask('ada', '/api/v1/people/id-ada/role', change))).toBe(409);
    expect(await status(ask('ada', '/api/v1/people/id-ada', { method: 'DELETE' }))).toBe(409);
    expect(await status(ask('ada', '/api/v1/me'))).toBe(200);
  });
});
