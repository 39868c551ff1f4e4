/**
 * An administrator changes whose numbers an owner or staff sees, by the front door, over real D1.
 * Supabase does not run in workerd: a strict stand-in (invitations.test.ts says which).
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { signInService } from '../../domain/testing/sign-in-service.ts';
import { adaptersOf, roomsOf } from '../../services.ts';
import {
  type Asking,
  addStaff,
  addUnit,
  count,
  freshWorld,
  signToken,
} from '../../testing/world.ts';
import { createApp } from '../app.ts';

let supabase: ReturnType<typeof signInService>;

async function call(who: Asking, method: string, path: string, body?: unknown) {
  const token = await signToken({ sub: `id-${who}`, email: `${who}@example.net` });
  const request = new Request(`http://bench.example.net/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const app = createApp(roomsOf({ ...adaptersOf(env), ...supabase }));
  const response = await app.fetch(request);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const set = (id: string, from: string[], location_ids: string[], who: Asking = 'ada') =>
  call(who, 'PUT', `/people/${id}/locations`, { from, location_ids });

const sees = async (who: Asking) => {
  const { body } = await call(who, 'GET', '/locations');
  return (body.locations as { id: string }[]).map(({ id }) => id);
};
const listed = async (id: string) => {
  const { body } = await call('ada', 'GET', '/people');
  const people = body.people as { user_id: string; location_ids: string[] }[];
  return people.find(({ user_id }) => user_id === id)?.location_ids;
};
const trail = async () => {
  const { body } = await call('ada', 'GET', '/audit?action=person.places');
  return (body.changes as { before: unknown; after: unknown; target: string; actor: string }[]).map(
    ({ before, after, target, actor }) => ({ before, after, target, actor }),
  );
};

beforeEach(async () => {
  await freshWorld();
  await addStaff();
  await addUnit('JBNB0001');
  supabase = signInService();
  for (const one of ['id-olga bakery', 'id-otto books', 'id-sara bakery'])
    supabase.state.members.add(one);
});

test('the list says whose numbers each sees', async () => {
  expect(await listed('id-olga')).toEqual(['bakery']);
  expect(await listed('id-sara')).toEqual(['bakery']);
  expect(await listed('id-ines')).toEqual([]);
});

describe('an owner', () => {
  test('gets another location, here and at Supabase, with a trace', async () => {
    const { status, body } = await set('id-olga', ['bakery'], ['books', 'bakery']);
    expect([status, body.location_ids]).toEqual([200, ['bakery', 'books']]);
    expect(await sees('olga')).toEqual(['books', 'bakery']);
    expect(await listed('id-olga')).toEqual(['bakery', 'books']);
    expect([...supabase.state.members]).toContain('id-olga books');
    expect(await trail()).toEqual([
      {
        target: 'person:id-olga',
        actor: 'id-ada',
        before: { places: 'bakery' },
        after: { places: 'bakery books' },
      },
    ]);
  });

  test('loses one: its units, its numbers and Supabase’s sums are gone', async () => {
    expect((await call('olga', 'GET', '/units/JBNB0001/detail')).status).toBe(200);
    expect((await set('id-olga', ['bakery'], ['books'])).status).toBe(200);
    expect(await sees('olga')).toEqual(['books']);
    expect((await call('olga', 'GET', '/units/JBNB0001/detail')).status).toBe(404);
    const members = [...supabase.state.members];
    expect(members).toContain('id-olga books');
    expect(members).not.toContain('id-olga bakery');
  });

  test('may have none at all for a while', async () => {
    expect((await set('id-olga', ['bakery'], [])).status).toBe(200);
    expect(await sees('olga')).toEqual([]);
    expect((await set('id-olga', [], ['bakery'])).status).toBe(200);
    expect(await sees('olga')).toEqual(['bakery']);
  });

  test('whose locations somebody else changed meanwhile keeps those', async () => {
    await set('id-olga', ['bakery'], ['bakery', 'books']);
    const late = await set('id-olga', ['bakery'], []);
    expect([late.status, (late.body.error as { code: string }).code]).toEqual([409, 'conflict']);
    expect(await listed('id-olga')).toEqual(['bakery', 'books']);
    expect([...supabase.state.members]).toContain('id-olga bakery');
    expect(await trail()).toHaveLength(1);
  });

  test('of two changes at one moment one is made, whole', async () => {
    const tries = await Promise.all([
      set('id-olga', ['bakery'], ['books']),
      set('id-olga', ['bakery'], ['bakery', 'books']),
    ]);
    expect(tries.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [made] = tries.filter(({ status }) => status === 200);
    expect(await listed('id-olga')).toEqual(made?.body.location_ids);
    expect(await trail()).toHaveLength(1);
  });

  test('keeps what he has when Supabase does not answer, and nobody sees more', async () => {
    supabase.state.isReachable = false;
    expect((await set('id-olga', ['bakery'], [])).status).toBe(503);
    expect(await sees('olga')).toEqual(['bakery']);
    expect((await set('id-olga', ['bakery'], ['bakery', 'books'])).status).toBe(503);
    supabase.state.isReachable = true;
    // the same once more brings Supabase up to date, without another trace
    expect((await set('id-olga', ['bakery'], ['bakery', 'books'])).status).toBe(200);
    expect([...supabase.state.members]).toContain('id-olga books');
    expect(await trail()).toHaveLength(1);
  });
});

test('staff looks at other locations, and owns none of them', async () => {
  expect((await set('id-sara', ['bakery'], ['books'])).status).toBe(200);
  expect(await sees('sara')).toEqual(['books']);
  expect(await count('memberships')).toBe(2);
  expect((await call('sara', 'PUT', '/locations/books/opening-hours', {})).status).toBe(403);
});

test.each([
  ['somebody who is not here', 'id-nobody', [], 404],
  ['an installer', 'id-ines', [], 409],
  ['a location that is none', 'id-olga', ['nowhere'], 400],
])('%s gets none', async (_name, id, to, status) => {
  expect((await set(id, id === 'id-olga' ? ['bakery'] : [], to)).status).toBe(status);
  expect(await trail()).toEqual([]);
});

test.each(['olga', 'sara', 'ines'] as const)('%s gives nobody locations', async (who) => {
  expect((await set('id-olga', ['bakery'], ['bakery', 'books'], who)).status).toBe(403);
  expect(await listed('id-olga')).toEqual(['bakery']);
});
