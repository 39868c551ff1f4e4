/**
 * A small world for tests that enter by the front door: two locations, four people, their tokens,
 * units with known tokens. Real Worker, real D1; only the signing of people's tokens stands in for
 * Supabase Auth, with the same secret and claims as the embedded stack uses.
 */

import { env, exports } from 'cloudflare:workers';
import { SignJWT } from 'jose';
import { sha256Hex } from '../../shared/hash.ts';
import { isoSecond } from '../../shared/time.ts';
import { servicesOf } from '../services.ts';
import { freshShards } from './fresh-shards.ts';

export const PEOPLE = {
  olga: 'owner',
  otto: 'owner',
  ines: 'installer',
  ada: 'admin',
} as const;
export type Name = keyof typeof PEOPLE;
/** Sara is there after {@link addStaff}, Ivo after {@link addInstaller}. */
export type Asking = Name | 'sara' | 'ivo';

export const TOKEN = 'unit-token-abcdefghijklmnopqrstuvwxyz0123456';
export const WRONG_TOKEN = 'wrong-token-abcdefghijklmnopqrstuvwxyz012345';
export const BAKERY = {
  id: 'bakery',
  name: 'Harbour Street Bakery',
  time_zone: 'America/Los_Angeles',
};
export const BOOKS = { id: 'books', name: 'Canal Books', time_zone: 'Europe/Berlin' };

const TABLES = [
  'staff_places',
  'staff',
  'small_counts',
  'kept_answers',
  'shop_days',
  'opening_hours',
  'week_mails',
  'adoptions',
  'erasures',
  'adopted_sums',
  'cut_over',
  'patch_chunks',
  'late_days',
  'request_windows',
  'device_configs',
  'device_pins',
  'update_results',
  'hologram_messages',
  'patches',
  'firmware_versions',
  'reservations',
  'brakes',
  'notices',
  'incidents',
  'session_limits',
  'second_factors',
  'dismissals',
  'work_orders',
  'alert_mails',
  'alerts',
  'job_runs',
  'outbox_mails',
  'audit',
  'commands',
  'readings',
  'heartbeats',
  'rollups',
  'placements',
  'judgements',
  'devices',
  'memberships',
  'people',
  'locations',
];

/** Empties the database, then fills in people and places. Olga owns the bakery, Otto the books. */
export async function freshWorld(): Promise<void> {
  const db = env.DB;
  await freshShards();
  await db.batch([
    ...TABLES.map((table) => db.prepare(`DELETE FROM ${table}`)),
    db.prepare('UPDATE id_floor SET number = 1'),
    db.prepare(`UPDATE sync_state SET synced = epoch, epoch = epoch + 1, target = NULL,
      cursor_location_id = '', cursor_bucket_s = 0, synced_s = unixepoch()`),
  ]);
  const location = db.prepare('INSERT INTO locations (id, name, time_zone) VALUES (?, ?, ?)');
  const person = db.prepare('INSERT INTO people (user_id, email, role) VALUES (?, ?, ?)');
  const member = db.prepare('INSERT INTO memberships (user_id, location_id) VALUES (?, ?)');
  await db.batch([
    ...[BAKERY, BOOKS].map((l) => location.bind(l.id, l.name, l.time_zone)),
    ...Object.entries(PEOPLE).map(([n, role]) => person.bind(`id-${n}`, `${n}@example.net`, role)),
    member.bind('id-olga', BAKERY.id),
    member.bind('id-otto', BOOKS.id),
  ]);
}

/** Adds a unit that holds a token. */
export async function addUnit(id: string, token = TOKEN, locationId: string | null = BAKERY.id) {
  const sql =
    'INSERT INTO devices (id, token_sha256, location_id, registered_s) VALUES (?, ?, ?, 0)';
  await env.DB.prepare(sql)
    .bind(id, await sha256Hex(token), locationId)
    .run();
}

/** Sara looks at the bakery, as Olga lets her. */
export async function addStaff(): Promise<void> {
  await env.DB.batch([
    env.DB.prepare("INSERT INTO people VALUES ('id-sara', 'sara@example.net', 'owner')"),
    env.DB.prepare("INSERT INTO staff VALUES ('id-sara')"),
    env.DB.prepare('INSERT INTO staff_places VALUES (?1, ?2)').bind('id-sara', BAKERY.id),
  ]);
}

/** Ivo installs as Ines does, and has no work. */
export async function addInstaller(): Promise<void> {
  const sql = "INSERT INTO people VALUES ('id-ivo', 'ivo@example.net', 'installer')";
  await env.DB.prepare(sql).run();
}

/** Who a unit's request says it is. */
export const credentialOf = async (id: string, token = TOKEN) => ({
  device_id: id,
  token_sha256: await sha256Hex(token),
});

/** An open work order in a person's hands: a relation to all units at that location. */
export async function giveWork(who: Name, locationId = BAKERY.id, deviceId: string | null = null) {
  const sql = `INSERT INTO work_orders (id, kind, location_id, device_id, created_s, created_by,
      assigned_to) VALUES (?, 'install', ?, ?, 1, 'id-ada', ?)`;
  const id = crypto.randomUUID().replaceAll('-', '').slice(0, 16);
  await env.DB.prepare(sql).bind(id, locationId, deviceId, `id-${who}`).run();
  return id;
}

/** A token as Supabase Auth's embedded stack signs it. */
export function signToken(
  claims: Record<string, unknown>,
  { secret = env.SUPABASE_JWT_SECRET ?? '', expires = '1h', audience = 'authenticated' } = {},
): Promise<string> {
  return new SignJWT({ role: 'authenticated', ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret));
}

/** A request by one of the people, or by nobody. */
export async function ask(
  who: Asking | null,
  path: string,
  init: { method?: string; body?: unknown; headers?: Record<string, string>; aal?: string } = {},
): Promise<Response> {
  const headers = new Headers(init.headers);
  if (who) {
    const { aal = 'aal1' } = init;
    const token = await signToken({ sub: `id-${who}`, email: `${who}@example.net`, aal });
    headers.set('Authorization', `Bearer ${token}`);
  }
  const body = init.body === undefined ? null : JSON.stringify(init.body);
  const method = init.method ?? (body === null ? 'GET' : 'POST');
  return exports.default.fetch(
    new Request(`http://bench.example.net${path}`, { method, headers, body }),
  );
}

/** A request by a unit. `body` goes out as it is if it is text. */
export function send(
  path: string,
  body: object | string,
  { token = TOKEN as string | null, headers = {} as Record<string, string> } = {},
): Promise<Response> {
  const all = new Headers({ 'Content-Type': 'application/json', ...headers });
  if (token !== null) all.set('Authorization', `Bearer ${token}`);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return exports.default.fetch(
    new Request(`http://bench.example.net${path}`, { method: 'POST', headers: all, body: text }),
  );
}

/** Now by the same clock as the Worker, Unix seconds. */
export const nowS = () => Math.floor(Date.now() / 1000);
/** Unix seconds as units write them. */
export const iso = isoSecond;

/** A reading with a set clock, `agoS` seconds before now. */
export function reading(id: string, agoS: number, more: object = {}) {
  return { d: id, t: iso(nowS() - agoS), i: 10, u: 4, dwell_0_1: 2, rssi_near: 4, ts: 1, ...more };
}

export async function count(table: string): Promise<number> {
  return (await env.DB.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first<number>('n')) ?? -1;
}

/** Queues a command by hand, and its shard is told. */
export async function queue(...command: Parameters<typeof queueUntold>): Promise<void> {
  await queueUntold(...command);
  await servicesOf(env).unitsChanged();
}

/** Only the registry knows. */
export async function queueUntold(deviceId: string, id: string, name = 'send_now', lifeS = 86_400) {
  const sql = `INSERT INTO commands (device_id, id, name, queued_s, expires_s, location_id)
    SELECT ?1, ?2, ?3, ?4, ?5, location_id FROM devices WHERE id = ?1`;
  await env.DB.prepare(sql)
    .bind(deviceId, id, name, nowS(), nowS() + lifeS)
    .run();
}

/** A GET by a unit. */
export function get(path: string, { token = TOKEN as string | null, headers = {} } = {}) {
  const all = new Headers(headers);
  if (token !== null) all.set('Authorization', `Bearer ${token}`);
  return exports.default.fetch(new Request(`http://bench.example.net${path}`, { headers: all }));
}

/** A request by whoever holds the admin key. */
export function askKey(method: string, path: string, body?: unknown, key = env.ADMIN_KEY ?? '') {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { Authorization: `Bearer ${key}` };
  return exports.default.fetch(
    new Request(`http://bench.example.net${path}`, { method, headers, ...init }),
  );
}
