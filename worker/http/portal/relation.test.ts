/**
 * A role is not a relation: what an installer may do to a unit needs a work order for it or its
 * place, or that he prepared it lately. Every changing route on a unit is tried in every relation;
 * an owner learns of a new token; a withdrawn unit comes back by an administrator's word only.
 */

import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../shared/hash.ts';
import {
  addUnit,
  ask,
  askKey,
  BAKERY,
  freshWorld,
  giveWork,
  type Name,
  nowS,
  reading,
  send,
  TOKEN,
} from '../../testing/world.ts';
import type { RouteFacts } from '../kernel/route.ts';
import { allRoutes } from '../routes.ts';

const ID = 'JBNB0001';
const FORGED = 'F'.repeat(43);
const path = `/api/v1/units/${ID}`;
const ALIEN = 'JBNB0002';

/** Routes by which an installer changes one unit, from the table. */
const CHANGES = allRoutes.filter(
  ({ method, path, who }) =>
    method !== 'GET' && path.startsWith('/api/v1/units/{id}') && who.includes('installer'),
);
const register = async (who: Name, more: object = {}) =>
  ask(who, '/api/v1/units', {
    body: {
      device_id: ID,
      token_sha256: await sha256Hex(FORGED),
      mac: '02:4A:42:00:00:01',
      firmware: '6.0.0',
      ...more,
    },
  });
/** `DELETE …/reservation` ends an own reservation; whose it is decides, not the unit. */
const onUnits = CHANGES.filter((route) => !route.path.endsWith('/reservation'));
/** Where a unit may go comes below; here it stays where it is. */
const call = (who: Name, { method, path, example }: RouteFacts, id = ID) => {
  const body = path.endsWith('/place') ? { latitude: 37.8, longitude: -122.4 } : example?.body;
  return ask(who, path.replace('{id}', id), { method, body });
};
const prepared = (by: Name, agoS: number) =>
  env.DB.prepare('UPDATE devices SET prepared_by = ?1, registered_s = ?2 WHERE id = ?3')
    .bind(`id-${by}`, nowS() - agoS, ID)
    .run();

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
  await addUnit(ALIEN, `${TOKEN}2`, 'books');
});

test('there are such routes, and replacing a registration is one more', () => {
  expect(onUnits.map(({ method, path }) => `${method} ${path.slice(18)}`).sort()).toEqual([
    'POST /commands',
    'POST /release',
    'POST /unlock-pin',
    'PUT /config',
    'PUT /credential',
    'PUT /name',
    'PUT /pin',
    'PUT /place',
    'PUT /status',
  ]);
});

describe('an installer puts a unit', () => {
  const place = (id: string | null) =>
    ask('ines', `${path}/place`, { method: 'PUT', body: { location_id: id } });

  test('from a shop where he works into no shop of others', async () => {
    await giveWork('ines');
    const refused = await place('books');
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('no work order for the place books');
    const stands = env.DB.prepare('SELECT location_id FROM devices WHERE id = ?1').bind(ID);
    expect(await stands.first('location_id')).toBe(BAKERY.id);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['where he has work as well', () => giveWork('ines', 'books')],
    ['of the same owners', () => sameOwners()],
    ['that he prepared for who has it, to mend a mistake', () => prepared('ines', 60)],
  ])('into a shop %s', async (_name, arrange) => {
    await giveWork('ines');
    await arrange();
    expect((await place('books')).status).toBe(200);
  });
});

/** As the Worker moves it, or did some time ago. */
const move = (to: string, agoS = 0) =>
  env.DB.prepare('UPDATE devices SET location_id = ?1, located_s = ?2, sheet_s = 0 WHERE id = ?3')
    .bind(to, nowS() - agoS, ID)
    .run();
const sameOwners = () =>
  env.DB.prepare(
    "INSERT INTO memberships VALUES ('id-olga', 'books'), ('id-otto', 'bakery')",
  ).run();

/** So long after preparing a unit somebody has to do with it. */
const WEEK_S = 7 * 86_400;

const RELATIONS: [string, boolean, () => Promise<unknown>][] = [
  ['none', false, async () => {}],
  ['a work order for the place', true, () => giveWork('ines')],
  ['a work order for the unit', true, () => giveWork('ines', 'books', ID)],
  ['prepared it yesterday', true, () => prepared('ines', 86_400)],
  ['prepared it seven days ago, all but a minute', true, () => prepared('ines', WEEK_S - 60)],
  ['prepared it seven days and a minute ago', false, () => prepared('ines', WEEK_S + 60)],
  ['another prepared it', false, () => prepared('ada', 60)],
  [
    'prepared it before it came to others',
    false,
    async () => {
      await prepared('ines', 60);
      await move('books');
    },
  ],
  [
    'prepared it before it moved, to the same owners',
    true,
    async () => {
      await prepared('ines', 60);
      await sameOwners();
      await move('books');
    },
  ],
  [
    'prepared it for its new owners',
    true,
    async () => {
      await move('books', 40);
      await prepared('ines', 20);
    },
  ],
  [
    'a work order for the unit at its last owners',
    false,
    async () => {
      await giveWork('ines', BAKERY.id, ID);
      await move('books');
    },
  ],
  [
    'a work order to bring the unit to others, done',
    true,
    async () => {
      await giveWork('ines', 'books', ID);
      await move('books');
    },
  ],
  [
    'a work order for the unit that moved, to the same owners',
    true,
    async () => {
      await giveWork('ines', BAKERY.id, ID);
      await sameOwners();
      await move('books');
    },
  ],
  [
    'a work order for the unit, given after it came to others',
    true,
    async () => {
      await move('books', 40);
      await giveWork('ines', BAKERY.id, ID);
      await env.DB.prepare('UPDATE work_orders SET created_s = ?1').bind(nowS()).run();
    },
  ],
  ['a work order elsewhere', false, () => giveWork('ines', 'books')],
  ['a work order of another', false, () => giveWork('ada')],
  [
    'a closed work order',
    false,
    async () => {
      await giveWork('ines');
      await env.DB.prepare('UPDATE work_orders SET closed_s = 2').run();
    },
  ],
];

describe.each(RELATIONS)('an installer with %s', (_name, may, relate) => {
  test.each(onUnits.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s',
    async (_route, route) => {
      await relate();
      const before = await env.DB.prepare('SELECT * FROM devices WHERE id = ?1').bind(ID).first();
      const answer = await call('ines', route);
      expect(answer.status, await answer.text()).toBe(
        may ? Object.keys(route.answers).map(Number)[0] : 403,
      );
      if (may) return;
      const after = await env.DB.prepare('SELECT * FROM devices WHERE id = ?1').bind(ID).first();
      expect(after).toEqual(before);
      // a unit that is not there gets the same answer
      expect([403, 404]).toContain((await call('ines', route, 'JBNB0099')).status);
    },
  );

  test('replacing the registration', async () => {
    await relate();
    expect((await register('ines', { replace: true })).status).toBe(may ? 201 : 403);
    const honest = (await send('/api/heartbeat', { d: ID })).status;
    const forged = (await send('/api/reading', reading(ID, 600), { token: FORGED })).status;
    expect([honest, forged]).toEqual(may ? [401, 201] : [200, 401]);
  });
});

test('an administrator needs no relation', async () => {
  expect((await register('ada', { replace: true })).status).toBe(201);
});

describe('the owner of a placed unit is notified', () => {
  const alertsOf = async (who: Name) =>
    (
      await (
        await ask(who, '/api/v1/alerts')
      ).json<{ alerts: { kind: string; detail: string; started: number }[] }>()
    ).alerts;

  test.each([
    [
      'a new credential',
      () =>
        ask('ines', `${path}/credential`, {
          method: 'PUT',
          body: { token_sha256: 'a'.repeat(64) },
        }),
    ],
    ['a replaced registration', () => register('ines', { replace: true })],
    ['a token made by the admin API', () => askKey('POST', `/api/device/${ID}/regenerate-token`)],
  ])('of %s', async (_name, change) => {
    await giveWork('ines');
    expect((await change()).status).toBeLessThan(300);
    const [alert] = await alertsOf('olga');
    expect(alert).toMatchObject({ kind: 'credential' });
    expect(alert?.detail).toMatch(/ines@example\.net|admin-key/);
    expect(await alertsOf('otto')).toEqual([]);
    const known = `/api/v1/alerts/${ID}/credential/${alert?.started}/acknowledge`;
    expect((await ask('olga', known, { method: 'POST' })).status).toBe(200);
    expect(await alertsOf('olga')).toEqual([]);
  });
});

describe('a withdrawn unit comes back by an administrator’s word only', () => {
  const status = () => env.DB.prepare('SELECT status FROM devices WHERE id = ?1').bind(ID).first();

  test.each([
    [
      'reissue',
      () =>
        ask('ines', `${path}/credential`, {
          method: 'PUT',
          body: { token_sha256: 'a'.repeat(64) },
        }),
    ],
    ['replace', () => register('ines', { replace: true })],
    ['replace by an administrator', () => register('ada', { replace: true })],
    [
      'activation',
      () => ask('olga', `${path}/activate`, { body: { pin: '4711', location_id: 'bakery' } }),
    ],
    [
      'status by an installer',
      () => ask('ines', `${path}/status`, { method: 'PUT', body: { status: 'active' } }),
    ],
    [
      'maintenance by an installer',
      () => ask('ines', `${path}/status`, { method: 'PUT', body: { status: 'maintenance' } }),
    ],
    [
      'status by the owner',
      () => ask('olga', `${path}/status`, { method: 'PUT', body: { status: 'active' } }),
    ],
    ['a new token by the admin API', () => askKey('POST', `/api/device/${ID}/regenerate-token`)],
    ['a command', () => ask('olga', `${path}/commands`, { body: { command: 'reboot' } })],
    [
      'a move',
      () => ask('ines', `${path}/place`, { method: 'PUT', body: { location_id: 'books' } }),
    ],
  ])('not by %s', async (_name, change) => {
    await giveWork('ines');
    await ask('ada', `${path}/pin`, { method: 'PUT', body: { pin: '4711' } });
    await ask('ada', `${path}/status`, { method: 'PUT', body: { status: 'inactive' } });
    await change();
    expect(await status()).toEqual({ status: 'inactive' });
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(401);
  });

  test.each([
    [
      'activation',
      () => ask('olga', `${path}/activate`, { body: { pin: '4711', location_id: 'bakery' } }),
    ],
    ['replace', () => register('ines', { replace: true })],
    [
      'a move',
      () => ask('ines', `${path}/place`, { method: 'PUT', body: { location_id: 'bakery' } }),
    ],
  ])('and maintenance does not end with %s', async (_name, change) => {
    await giveWork('ines');
    await ask('ada', `${path}/pin`, { method: 'PUT', body: { pin: '4711' } });
    await ask('ada', `${path}/status`, { method: 'PUT', body: { status: 'maintenance' } });
    expect((await change()).status).toBeLessThan(300);
    expect(await status()).toEqual({ status: 'maintenance' });
  });

  test('but by that', async () => {
    await ask('ada', `${path}/status`, { method: 'PUT', body: { status: 'inactive' } });
    await ask('ada', `${path}/status`, { method: 'PUT', body: { status: 'active' } });
    expect((await send('/api/heartbeat', { d: ID })).status).toBe(200);
  });
});
