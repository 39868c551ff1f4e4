/**
 * Limits over two isolates: two instances of the Worker in workerd, each with its own memory, on
 * one D1 and the same shards. What a shard counts is exact between them.
 */

import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readingsOf, SECRET, startWorker, type WorkerStack } from '../e2e/testing/worker-stack.ts';
import { sha256Hex } from '../shared/hash.ts';

const TOKEN = 'unit-token-abcdefghijklmnopqrstuvwxyz0123456';
const ID = 'JBNB0001';
const OTHER = 'JBNB0002';

let stack: WorkerStack;
beforeAll(async () => {
  stack = await startWorker();
  const sql = 'INSERT INTO devices (id, token_sha256, registered_s) VALUES (?, ?, 0)';
  const hash = await sha256Hex(TOKEN);
  await stack.db.batch([ID, OTHER].map((id) => stack.db.prepare(sql).bind(id, hash)));
}, 60_000);
afterAll(() => stack?.stop());

const request = (body: object, token = TOKEN) => ({
  method: 'POST',
  headers: { Authorization: `Bearer ${token}`, 'CF-Connecting-IP': '192.0.2.9' },
  body: JSON.stringify(body),
});
const first = (path: string, init: RequestInit) =>
  fetch(`http://${stack.host}:${stack.port}${path}`, init);
const both = [first, (path: string, init: RequestInit) => stack.twin(path, init)];

test('ten heartbeats an hour, whichever isolate they reach', async () => {
  const statuses = [];
  for (let n = 0; n < 14; n += 1) {
    const ask = both[n % 2] ?? first;
    statuses.push((await ask('/api/heartbeat', request({ d: ID, v: '5.3' }))).status);
  }
  expect(statuses).toEqual([...Array(10).fill(200), ...Array(4).fill(429)]);
});

test('twenty at once over both: ten get through', async () => {
  const asked = Array.from({ length: 20 }, (_, n) =>
    (both[n % 2] ?? first)('/api/ota/check', request({ d: OTHER, v: '5.4' })),
  );
  const statuses = (await Promise.all(asked)).map((answer) => answer.status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(10);
});

test('a reading sent to both at once is stored once', async () => {
  const t = Math.floor(Date.now() / 1000) - 600;
  const asked = both.map((ask) => ask('/api/reading', request({ d: ID, t, i: 4, u: 2, ts: 1 })));
  const notes = await Promise.all((await Promise.all(asked)).map((answer) => answer.text()));
  expect(notes.filter((note) => note.includes('duplicate_ignored'))).toHaveLength(1);
  expect(await readingsOf(stack, ID)).toBe(1);
});

test('failed authentications count against one address in both', async () => {
  await wholeMinute();
  const statuses: number[] = [];
  for (let n = 0; n < 60; n += 1) {
    const ask = both[n % 2] ?? first;
    statuses.push((await ask('/api/reading', request({ d: ID }, 'wrong'))).status);
  }
  expect(statuses).toEqual([...Array(20).fill(401), ...Array(40).fill(429)]);
  // That concerns neither a unit nor its reading.
  const t = Math.floor(Date.now() / 1000) - 900;
  for (const ask of both) {
    expect((await ask('/api/reading', request({ d: ID, t, i: 4, u: 2, ts: 1 }))).status).toBe(201);
  }
}, 30_000);

/** What the tests count takes two seconds on an idle machine. */
const ENOUGH_MS = 15_000;

/** The limiter's minutes are those of the clock; one must hold all that the test counts. */
async function wholeMinute() {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < ENOUGH_MS) await new Promise((next) => setTimeout(next, leftMs + 100));
}

const person = (role: string) =>
  new SignJWT({ role: 'authenticated', sub: `id-${role}`, email: `${role}@example.net` })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience('authenticated')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));

test('an owner changes sixty things a minute, and reads on; others are free', async () => {
  const { db } = stack;
  await db.batch([
    db.prepare(
      "INSERT INTO locations (id, name, time_zone) VALUES ('books', 'Canal Books', 'Europe/Berlin')",
    ),
    db.prepare("INSERT INTO people VALUES ('id-owner', 'owner@example.net', 'owner')"),
    db.prepare("INSERT INTO people VALUES ('id-admin', 'admin@example.net', 'admin')"),
    db.prepare("INSERT INTO memberships VALUES ('id-owner', 'books')"),
    db.prepare("UPDATE devices SET location_id = 'books'"),
  ]);
  await wholeMinute();
  const rename = async (who: string, n: number) => {
    const headers = { Authorization: `Bearer ${await person(who)}` };
    const body = JSON.stringify({ name: `Door ${n}` });
    return first(`/api/v1/units/${ID}/name`, { method: 'PUT', headers, body });
  };
  const answers: Response[] = [];
  for (let n = 0; n < 90; n += 1) answers.push(await rename('owner', n));
  const statuses = answers.map(({ status }) => status);
  expect(statuses).toEqual([...Array(60).fill(200), ...Array(30).fill(429)]);
  expect(answers.at(-1)?.headers.get('Retry-After')).toBe('60');
  const headers = { Authorization: `Bearer ${await person('owner')}` };
  expect((await first(`/api/v1/units/${ID}/detail`, { headers })).status).toBe(200);
  expect((await rename('admin', 0)).status).toBe(200);
}, 60_000);
