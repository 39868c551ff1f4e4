/**
 * Every route as every role and as nobody, generated from the route table: a route that is not in
 * the table is not in the app, and one that is gets tried here.
 */
import { env, exports } from 'cloudflare:workers';
import * as v from 'valibot';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { setPin } from '../domain/pin.ts';
import { adaptersOf } from '../services.ts';
import { ACCESS } from '../testing/access.ts';
import { SupabaseTable } from '../testing/supabase-table.ts';
import {
  type Asking,
  addInstaller,
  addStaff,
  addUnit,
  ask,
  freshWorld,
  nowS,
  queue,
  reading,
  send,
} from '../testing/world.ts';
import type { RouteFacts } from './kernel/route.ts';
import { allRoutes } from './routes.ts';

const ORDER = '019a0000000abcde';
const MAIL_KEY = 'c0ffeec0ffeec0ffeec0ffeec0ffeec0';
const PORTAL = allRoutes.filter((r) => r.path.startsWith('/api/v1'));
/** Olga owns the bakery, which the examples are about; Ivo installs, and has no work there. */
const NAMES: Asking[] = ['olga', 'otto', 'sara', 'ines', 'ivo', 'ada'];
const ROLE_OF = {
  olga: 'owner',
  otto: 'owner',
  sara: 'staff',
  ines: 'installer',
  ivo: 'installer',
  ada: 'admin',
} as const;
/** Words under which figures about people travel; an installer must never see one of them. */
const FIGURES =
  /"(visits|visitors|impressions|device_minutes|figures|zones|stays|composition|busiest_hour)"/;

/** What the examples of the table are about. */
beforeEach(async () => {
  await freshWorld();
  await addStaff();
  await addInstaller();
  await addUnit('JBNB0001');
  await send('/api/reading', reading('JBNB0001', 600, { vis: 3 }));
  await send('/api/reading', reading('JBNB0001', 900, { i: 1, u: 9 })); // in doubt
  await send('/api/heartbeat', { d: 'JBNB0001', v: '5.9.0', uptime: 90_000 });
  await send('/api/heartbeat', { d: 'JBNB0001', v: '6.0.0', uptime: 9, radio: 1 });
  await queue('JBNB0001', 'c0ffee00', 'reboot');
  const ada = { actor: 'id-ada', nowMs: Date.now() };
  await setPin(adaptersOf(env), ada, 'JBNB0001', { pin: '4711' });
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO work_orders (id, kind, location_id, created_s, created_by, assigned_to)
       VALUES ('${ORDER}', 'install', 'bakery', 1, 'id-ada', 'id-ines')`,
    ),
    env.DB.prepare(
      `INSERT INTO reservations (device_id, user_id, expires_s)
       VALUES ('JBNB0077', 'id-ines', ${nowS() + 3600}),
         ('JBNB0078', 'id-ada', ${nowS() + 3600})`,
    ),
    env.DB.prepare(
      `INSERT INTO alerts (device_id, kind, started_s) VALUES ('JBNB0001', 'silent', 1769600000)`,
    ),
    env.DB.prepare(
      `UPDATE devices SET anomaly_reason = 'x', anomaly_since_s = ${nowS()},
         mac = '02:4A:42:00:00:0A' WHERE id = 'JBNB0001'`,
    ),
    env.DB.prepare(
      `INSERT INTO job_runs (job, started_ms, took_ms, ok, report_json)
       VALUES ('hourly', ${Date.now()}, 5, 1, '{}')`,
    ),
    env.DB.prepare(
      `INSERT INTO shop_days (location_id, day, sales, note)
       VALUES ('bakery', '2026-01-27', 12, 'Rain'), ('books', '2026-01-27', 3, NULL)`,
    ),
    env.DB.prepare(
      `INSERT INTO week_mails VALUES ('bakery', 'id-olga', 'de', '${MAIL_KEY}',
         'https://bench.example.net', '2026-01-26')`,
    ),
    env.DB.prepare(
      `INSERT INTO opening_hours (location_id, weekday, opens_min, closes_min)
       VALUES ('bakery', 1, 540, 1080)`,
    ),
    env.DB.prepare(
      `INSERT INTO notices (at_ms, kind, detail) VALUES (${Date.now()}, 'pin_guessing', 'x')`,
    ),
  ]);
});

function addressOf({ path, example }: RouteFacts): string {
  const filled = path.replace(/\{(\w+)\}/g, (_all, name) => example?.params?.[name] ?? '');
  const query = new URLSearchParams(example?.query).toString();
  return query ? `${filled}?${query}` : filled;
}

function askFor(who: Asking | null, route: RouteFacts) {
  const { method, example } = route;
  const body = example?.body;
  // a session that may do whatever the person may
  const aal = 'aal2';
  return ask(who, addressOf(route), { method, aal, ...(body === undefined ? {} : { body }) });
}

/** Somebody whom the route lets in; Otto's places are others than the examples'. */
function callerOf({ who, path }: RouteFacts): Asking {
  if (!Array.isArray(who)) return 'ada';
  const name = (['ada', 'ines', 'olga'] as const).find((n) => who.includes(ROLE_OF[n]));
  if (!name) throw new Error(`${path}: nobody here has one of the roles ${who.join(', ')}`);
  return name;
}

/** What an administrator does at Supabase, which is not here: invitations.test.ts. */
const AT_SUPABASE = [
  '/people/invitations',
  '/people/{id}/second-factor',
  '/people/{id}/locations',
  '/staff',
  '/staff/{person}',
];
const isAtSupabase = ({ method, path }: RouteFacts) =>
  method !== 'GET' && AT_SUPABASE.some((end) => path.endsWith(end));

const nameOf = (route: RouteFacts) => `${route.method} ${route.path}`;
const TABLE = PORTAL.map((route) => [nameOf(route), route] as const);

test('for every route it is written down who may, and for no other', () => {
  expect(TABLE.map(([name]) => name).sort()).toEqual(Object.keys(ACCESS).sort());
});

test('every parameter of every path has an example that fits', () => {
  for (const { path, params, query, body, example } of allRoutes) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(example?.params ?? {}).sort(), path).toEqual(named.sort());
    for (const [schema, value] of [
      [params, example?.params],
      [query, example?.query ?? {}],
      [body, example?.body],
    ] as const) {
      if (schema) expect(v.safeParse(schema, value).issues, `${path} ${value}`).toBeUndefined();
    }
  }
});

describe.each(TABLE)('%s', (_name, route) => {
  test('as nobody, and with a token of nobody', async () => {
    const expected = route.who === 'public' ? 200 : 401;
    expect((await askFor(null, route)).status).toBe(expected);
    if (expected === 200) return;
    const headers = { Authorization: 'Bearer unit-token-abcdefghijklmnopqrstuvwxyz0123456' };
    const request = new Request(`http://x.example.net${addressOf(route)}`, {
      method: route.method,
      headers,
    });
    expect((await exports.default.fetch(request)).status).toBe(401);
  });

  test.each(NAMES)('as %s', async (name) => {
    // These would find no Supabase here.
    if (/dev\/cron|small-counts$/.test(route.path)) new SupabaseTable();
    const response = await askFor(name, route);
    vi.restoreAllMocks();
    const may = !Array.isArray(route.who) || route.who.includes(ROLE_OF[name]);
    const text = await response.text();
    const expected = ACCESS[nameOf(route)]?.split(' ')[NAMES.indexOf(name)];
    expect(String(response.status), text).toBe(expected);
    if (!may) {
      expect(response.status, text).toBe(403);
      return;
    }
    // Otto owns other places: what names the bakery or its unit is not there for him.
    const isBakerys = /JBNB0001|bakery/.test(JSON.stringify(route.example ?? {}));
    const isOthers = name === 'otto' && route.who !== 'public' && isBakerys;
    if (isOthers && route.path.includes('/fleet/')) {
      // Of many units each has its own answer: none is told of one that is not his.
      expect(response.status, text).toBe(200);
      const { units } = JSON.parse(text) as { units: { outcome?: string }[] };
      expect(units.map(({ outcome }) => outcome)).toEqual(
        route.method === 'GET' ? [] : ['not_found'],
      );
      return;
    }
    if (isOthers && !addressOf(route).includes('?target')) {
      expect(response.status, text).toBe(404);
      return;
    }
    if (isAtSupabase(route)) {
      expect(response.status, text).toBe(503);
      return;
    }
    // Ivo has nothing to do with the example's unit, and holds no order
    if (name === 'ivo' && [403, 404].includes(response.status)) return;
    expect(Object.keys(route.answers).map(Number), text).toContain(response.status);
    if (ROLE_OF[name] === 'installer' && route.who !== 'public') expect(text).not.toMatch(FIGURES);
    const schema = route.answers[response.status];
    if (schema && schema.type !== 'string') {
      expect(v.safeParse(schema, JSON.parse(text)).issues).toBeUndefined();
    }
  });

  test('a change leaves a trace, without a secret; anything else leaves none', async () => {
    if (route.path.includes('/dev/') || isAtSupabase(route)) return;
    const who = callerOf(route);
    await env.DB.prepare('DELETE FROM audit').run();
    const response = await askFor(who, route);
    await response.text();
    // without the time, whose digits may be anything
    const sql = 'SELECT actor, action, target, before_json, after_json FROM audit';
    const { results } = await env.DB.prepare(sql).all();
    expect(results).toHaveLength(route.method === 'GET' ? 0 : 1);
    expect(JSON.stringify(results)).not.toMatch(/4711|a3a3a3|sha256|pin_hmac/);
    // who ends mails by their key is taken for whoever gets them
    const actor = route.who === 'public' ? 'id-olga' : `id-${who}`;
    if (results[0]) expect(results[0].actor).toBe(actor);
  });

  test('an answer to GET is kept and asked about again', async () => {
    if (route.method !== 'GET' || route.who === 'public') return;
    const who = callerOf(route);
    const first = await askFor(who, route);
    expect(first.status).toBe(200);
    const etag = first.headers.get('ETag') ?? '';
    await first.text();
    if (route.path.endsWith('/status')) return;
    const again = await ask(who, addressOf(route), { headers: { 'If-None-Match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test('lists in the answer to its example have an entry', async () => {
    if (route.method !== 'GET') return;
    const response = await askFor(callerOf(route), route);
    const text = await response.text();
    if (!response.headers.get('Content-Type')?.startsWith('application/json')) return;
    const lists = Object.entries(JSON.parse(text)).filter(([, value]) => Array.isArray(value));
    for (const [name, list] of lists) expect(list, `${name} of ${text}`).not.toEqual([]);
  });

  test('another method is answered 405', async () => {
    const taken = PORTAL.filter((r) => r.path === route.path).map((r) => r.method as string);
    const response = await ask('ada', addressOf(route), { method: 'PATCH' });
    expect(response.status).toBe(405);
    const allowed = response.headers.get('Allow')?.split(', ') ?? [];
    expect(allowed.filter((method) => method !== 'HEAD').sort()).toEqual([...taken].sort());
  });
});
