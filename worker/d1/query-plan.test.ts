/**
 * No statement of the database layer scans a table that grows. Statements are collected while the
 * whole of the route table, the device API and the jobs run, and held against the source, so that
 * one that never ran fails the test; then SQLite says how it would go about each.
 */

import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeOf } from '../domain/audit.ts';
import { queuedCommand } from '../domain/command.ts';
import { runJob } from '../domain/job.ts';
import { takeReading } from '../domain/reading.ts';
import { allRoutes } from '../http/routes.ts';
import { type Adapters, adaptersOf } from '../services.ts';
import { addUnit, ask, credentialOf, freshWorld, reading, send, TOKEN } from '../testing/world.ts';
import { d1EarlierSums } from './earlier-sums.ts';
import { earlierColumns } from './earlier-tables.ts';
import { d1ShardRegistry } from './shard-facts.ts';

/**
 * Tables with a row for every reading, heartbeat, command, change or message. late_days is not
 * among them: each run of the sync empties it.
 */
const GROWING = [
  'readings',
  'heartbeats',
  'rollups',
  'commands',
  'audit',
  'alerts',
  'work_orders',
  'shop_days',
  'week_mails',
  'alert_mails',
  'notices',
  'brakes',
  'hologram_messages',
  'update_results',
  'placements',
  'judgements',
  'incidents',
];
/** Indexes that hold only what is open: at most a row or two a unit, whatever the table holds. */
const SMALL_INDEXES = [
  'commands_pending',
  'alerts_open',
  'alerts_untold',
  'work_orders_open',
  'notices_untold',
  'incidents_live',
];
/** Read to the end of a bounded page, newest first: the order of an index instead of a sort. */
const PAGED = ['heartbeats_by_time', 'update_results_by_time'];

/** Read from one end, in the order in which rows came, no more than a page. */
const NUMBERED = ['audit', 'notices', 'incidents'];

const ORDER = '019a0000000abcde';
const seen = new Set<string>();
const original = Object.getPrototypeOf(env.DB) as D1Database;
const { prepare } = original;

beforeAll(async () => {
  await freshWorld();
  await addUnit('JBNB0001');
  await addUnit('JBNB0002', `${TOKEN}2`);
  original.prepare = function collecting(this: D1Database, sql: string) {
    seen.add(sql);
    return prepare.call(this, sql);
  };
  await env.DB.prepare(
    `INSERT INTO work_orders (id, kind, location_id, created_s, created_by)
     VALUES ('${ORDER}', 'install', 'bakery', 1, 'id-ada')`,
  ).run();
  // From before the cut-over, for the job that hands it to a shard.
  await env.DB.prepare(
    `INSERT INTO rollups VALUES ('bakery', 300, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0)`,
  ).run();
  await callEverything();
}, 60_000);

afterAll(() => {
  original.prepare = prepare;
});

async function callEverything() {
  for (const days of [0, 1, 20]) {
    await send('/api/reading', reading('JBNB0001', 600 + days * 86_400, { ts: 1 }));
  }
  await send('/api/reading', reading('JBNB0001', 0, { t: 300, ts: 0, seq: 1 }));
  const unitsFirst = [...allRoutes].sort(
    (a, b) => Number(b.who === 'unit') - Number(a.who === 'unit'),
  );
  for (const who of ['ada', 'olga', 'ines'] as const) {
    for (const route of unitsFirst) {
      await (await call(route, who)).text();
      // people’s routes end sessions, those of the next calls among them
      await env.DB.prepare('DELETE FROM session_limits').run();
    }
    for (const query of OTHER_QUERIES) await (await ask(who, query)).text();
  }
  await ask('ada', '/api/v1/units/JBNB0001/place', { method: 'PUT', body: { location_id: null } });
  await callStores();
}

const OTHER_QUERIES = [
  '/api/v1/fleet',
  '/api/v1/audit',
  '/api/v1/audit?action=unit.rename',
  '/api/v1/audit?actor=id-ada',
  '/api/v1/audit?since=2026-01-28T00:00:00Z&until=2026-01-29T00:00:00Z',
  '/api/v1/work-orders?state=all',
  '/api/v1/alerts',
  '/api/heartbeats?device_id=JBNB0001',
  '/api/heartbeats',
  '/api/readings?device_id=JBNB0001',
  '/api/readings',
  ...['new', 'online', 'late', 'silent', 'anomalous'].map((s) => `/api/v1/fleet?state=${s}`),
];

/** What needs a state that no example brings about. */
async function callStores() {
  const push = async () => {};
  const s = { ...adaptersOf(env), footTraffic: { push } };
  const change = changeOf({ actor: 'system', nowMs: 0 }, 'alert.acknowledge', 'alert:x', {});
  const alert = { device_id: 'JBNB0001', kind: 'silent' as const, started_s: 1 };
  const key = { hologram_device_id: 1, received: 'x', data_sha256: 'x' };
  const unit = { ...NEW_UNIT, id: 'JBNB0001' };
  await s.unitFinder.facts('JBNB0001');
  await s.insights.units('bakery', 0, Date.now());
  await s.unitsChanged();
  const doubted = { d: 'JBNB0001', t: Math.floor(Date.now() / 1000), i: 1, u: 9 };
  const who = await credentialOf('JBNB0001');
  await takeReading(s.readings, doubted, who, Date.now()).catch(() => {});
  await s.unitsMoved();
  await callViews(s);
  await s.sumsMoved();
  const earlier = d1EarlierSums(env.DB, () => Date.now());
  await earlier.sums([{ location_id: 'bakery', day: await earlier.untilDay() }]);
  await earlierColumns(env.DB);
  await s.silence.markMailed([], 0, '');
  const nothing = { day: '2026-01-28', sales: null, takings: null, note: null };
  const once = { user_id: 'id-olga', key: 'x', request_sha256: 'x', nowMs: 0 };
  await s.shopDays.put('bakery', nothing, undefined, { ...change, once, answer: {} });
  await s.keptAnswers.find('id-olga', 'x');
  const mail = { location_id: 'bakery', user_id: 'id-olga', language: 'en' } as const;
  await s.weekMails.sent({ ...mail, key: 'x', origin: 'x', sent_monday: 'x' }, 'x');
  await s.weekMails.remove('bakery', 'id-olga', change);
  await s.alerts.acknowledge(alert, 'system', 0, change);
  await s.anomalies.flag('JBNB0001', 'x', 0);
  await s.anomalies.reason('JBNB0001');
  await s.hologram.look(key);
  await s.hologram.keep(key, '{}', 0);
  await s.mailer.send({ subject: 'x', text: 'x', idempotency_key: 'x' });
  await s.notices.add({ at_ms: 0, kind: 'pin_guessing', detail: 'x' });
  await s.notices.markMailed(1, 0, '');
  await s.brakes.markTold({ key: 'x', max: 0, window_s: 0 });
  await s.people.dismissalPropagated('x');
  await s.erasures.done('x');
  await s.erasures.failed('x');
  await d1ShardRegistry(env.DB).failed(['x']);
  const anna = { user_id: 'id-anna', email: 'anna@example.net', role: 'owner' } as const;
  await s.people.add(anna, ['bakery'], change);
  await s.staff.add({ ...anna, user_id: 'id-sam' }, 'bakery', change);
  await s.staff.remove('id-sam', 'bakery', change);
  for (const role of ['owner', 'staff'] as const)
    await s.personPlaces.set({ user_id: 'id-anna', role }, ['bakery'], ['books'], change);
  for (const isOn of [true, false]) await s.people.requireSecondFactor('id-anna', isOn, change);
  await s.reservations.held('id-ines', 0);
  await s.relations.mayPlace('id-ines', 'JBNB0001', 'books', 0);
  await s.ota.offer('5.4');
  await s.ota.chunk('5.4', '5.5', 0);
  for (const _twice of [1, 2]) await s.ota.registerPatch(PATCH, [], 0, change);
  await s.units.replace(unit, queuedCommand('JBNB0001', 'send_now', 0), change);
  await s.rollups.advance(await s.rollups.begin(0), { location_id: '', bucket_start_s: 0 });
  await s.incidents.markMailed([], 0);
  for (const job of ['five_minutes', 'hourly'] as const) await runJob(s, job);
}

/** What shows units. */
async function callViews({ fleet, units, adminLists, silence }: Adapters) {
  const filter = { locationId: undefined, text: 'x', afterId: undefined, limit: 2 };
  for (const ownerId of [undefined, 'id-olga']) {
    for (const state of [undefined, 'late', 'anomalous'] as const) {
      await fleet.list({ ...filter, ownerId, state }, 1);
    }
  }
  await fleet.find('JBNB0001', 'id-olga');
  await fleet.readings('JBNB0001', 0, 1, 'id-olga');
  await units.find('JBNB0001', 'id-olga');
  await units.ofChip('x');
  await adminLists.units('', 1);
  await adminLists.stats(1);
  await silence.review(0, Math.floor(Date.now() / 1000));
}

const PATCH = { from_version: 'a', to_version: 'b', size: 0, sha256: 'x', chunk_count: 0 };
const NEW_UNIT = {
  token_sha256: 'x',
  mac: null,
  location_id: null,
  firmware: null,
  registered_s: 0,
  settled_ms: Number.MAX_SAFE_INTEGER,
  prepared_by: 'id-ines',
};

async function call(route: (typeof allRoutes)[number], who: 'ada' | 'olga' | 'ines') {
  const { method, path, example } = route;
  const filled = path.replace(/\{(\w+)\}/g, (_all, name) => example?.params?.[name] ?? '');
  const query = new URLSearchParams(example?.query).toString();
  const address = query ? `${filled}?${query}` : filled;
  const isUnits = route.who === 'unit';
  // What frees an id frees one that nobody else needs.
  if (path.endsWith('/release')) return ask(who, address.replace('0001', '0002'), { method });
  if (isUnits) await letUnitsIn();
  const token = JSON.stringify(example ?? {}).includes('JBNB0002') ? `${TOKEN}2` : TOKEN;
  const headers: Record<string, string> = isUnits ? { Authorization: `Bearer ${token}` } : {};
  const body = example?.body === undefined ? {} : { body: example.body };
  return ask(isUnits ? null : who, address, { method, headers, ...body });
}

/** Some example takes the unit's token or service away. */
async function letUnitsIn() {
  await env.DB.prepare("UPDATE devices SET token_sha256 = ?1, status = 'active' WHERE id = ?2")
    .bind((await credentialOf('JBNB0001')).token_sha256, 'JBNB0001')
    .run();
}

const flat = (sql: string) => sql.replace(/\s+/g, ' ').trim();

/** Beginnings of the statements in the source, up to the first thing that is filled in. */
function beginnings(): { file: string; begin: string }[] {
  const sources = import.meta.glob<string>(['./*.ts', '!./*.test.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const statement = /[`']\s*((?:SELECT|INSERT|UPDATE|DELETE|WITH)\s[^`']*)/g;
  return Object.entries(sources).flatMap(([file, source]) =>
    [...source.matchAll(statement)].map(([, sql = '']) => ({
      file,
      begin: flat(sql.split('${')[0] ?? ''),
    })),
  );
}

test('every statement in the source was seen', () => {
  const all = [...seen].map(flat);
  const missed = beginnings().filter(({ begin }) => !all.some((sql) => sql.includes(begin)));
  expect(missed).toEqual([]);
  expect(seen.size).toBeGreaterThan(60);
});

test('no statement scans a table that grows', async () => {
  const scans: string[] = [];
  for (const sql of seen) {
    if (!/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)/.test(sql) || sql.includes('EXPLAIN')) continue;
    const aliases = aliasesOf(sql);
    const plan = await planOf(sql);
    for (const { detail } of plan) {
      const [, name = ''] = /^SCAN (\w+)/.exec(detail) ?? [];
      const table = aliases.get(name) ?? name;
      const isSmall = [...SMALL_INDEXES, ...PAGED].some((index) => detail.includes(index));
      const isOrdered = isSmall || (NUMBERED.includes(table) && sql.includes('LIMIT'));
      if (GROWING.includes(table) && !isOrdered) scans.push(`${detail}\n  ${flat(sql)}`);
    }
  }
  expect(scans).toEqual([]);
});

async function planOf(sql: string): Promise<{ detail: string }[]> {
  const parameters = Math.max(0, ...[...sql.matchAll(/\?(\d+)/g)].map(([, n]) => Number(n)));
  const nulls = new Array(parameters).fill(null);
  const statement = prepare.call(env.DB, `EXPLAIN QUERY PLAN ${sql}`).bind(...nulls);
  return (await statement.all<{ detail: string }>()).results;
}

/** `FROM readings AS r` → r means readings. */
function aliasesOf(sql: string): Map<string, string> {
  const named = sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)(?:\s+AS\s+(\w+))?/g);
  return new Map([...named].map(([, table = '', alias = table]) => [alias, table]));
}

test('the check can fail', async () => {
  const detail = async (sql: string) =>
    (await prepare.call(env.DB, `EXPLAIN QUERY PLAN ${sql}`).first<string>('detail')) ?? '';
  expect(await detail('SELECT * FROM readings WHERE received_s < 1')).toMatch(/^SCAN readings/);
  expect(await detail("SELECT * FROM readings WHERE device_id = 'x'")).toMatch(/^SEARCH readings/);
});
