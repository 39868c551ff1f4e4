/**
 * An owner's readings, heartbeats and sums where they are in shards: exported whole, and after the
 * erasure and one run of the job gone from shards and from Supabase, a failed run in between. The
 * Worker in workerd, with the statements that the script runs; Supabase is a server that writes
 * down what it is asked.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionToken } from '../../e2e/testing/token.ts';
import { SECRET, startWorker, type WorkerStack } from '../../e2e/testing/worker-stack.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { isoSecond } from '../../shared/time.ts';
import type { AdminApi } from '../sync/admin-api.ts';
import { countedAt } from './counted.ts';
import { eraseStatements } from './statements.ts';

const OLGA = 'id-olga-0001';
const TOKEN = 'unit-token-abcdefghijklmnopqrstuvwxyz0123456';
const NOW_S = Math.floor(Date.now() / 1000);
const PERIODS = 40;

let stack: WorkerStack;
let supabase: Server;
let api: AdminApi;
let isDown = false;
const removed: string[] = [];

beforeAll(async () => {
  supabase = createServer((req, res) => {
    const { method, url = '' } = req;
    if (method === 'DELETE' && !isDown) removed.push(url.replace('/rest/v1/', ''));
    req.resume();
    res.writeHead(isDown ? 503 : 201, { 'content-type': 'application/json' });
    res.end(isDown ? '{"message":"down"}' : '');
  });
  await new Promise<void>((resolve) => supabase.listen(0, '127.0.0.1', resolve));
  const { port } = supabase.address() as AddressInfo;
  stack = await startWorker('worker/index.ts', {
    SUPABASE_URL: `http://127.0.0.1:${port}`,
    SUPABASE_SERVICE_KEY: SECRET,
  });
  api = { url: `http://${stack.host}:${stack.port}`, key: SECRET };
  await fill();
}, 60_000);
afterAll(async () => {
  await stack?.stop();
  supabase.close();
});

/** Olga has the bakery, Otto the books; a unit stood first here, then there. */
async function fill(): Promise<void> {
  const hash = await sha256Hex(TOKEN);
  const half = NOW_S - (PERIODS / 2) * 300;
  const unit = (id: string, place: string) =>
    `INSERT INTO devices (id, token_sha256, location_id, registered_s)
      VALUES ('${id}', '${hash}', '${place}', 0)`;
  const statements = [
    `INSERT INTO people VALUES ('${OLGA}', 'olga@example.net', 'owner'),
      ('id-ada', 'ada@example.net', 'admin')`,
    `INSERT INTO locations (id, name, time_zone) VALUES ('bakery', 'Bakery', 'UTC'), ('books', 'Books', 'UTC')`,
    `INSERT INTO memberships VALUES ('${OLGA}', 'bakery')`,
    unit('JBNB0001', 'bakery'),
    unit('JBNB0002', 'books'),
    "DELETE FROM placements WHERE device_id = 'JBNB0002'",
    `INSERT INTO placements (device_id, from_s, to_s, location_id)
      VALUES ('JBNB0002', 0, ${half}, 'bakery'), ('JBNB0002', ${half}, NULL, 'books')`,
  ];
  for (const sql of statements) await stack.db.prepare(sql).run();
  for (const id of ['JBNB0001', 'JBNB0002']) {
    for (let n = 0; n < PERIODS; n += 1) {
      const t = isoSecond(NOW_S - (PERIODS - n) * 300);
      const reading = { d: id, t, i: 10, u: 4, dwell_0_1: 2, rssi_near: 4, ts: 1 };
      expect(await say('/api/reading', reading)).toBe(201);
    }
    expect(await say('/api/heartbeat', { d: id, v: '6.0.0' })).toBe(200);
  }
}

async function say(path: string, body: object): Promise<number> {
  const headers = { Authorization: `Bearer ${TOKEN}` };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  return (await fetch(api.url + path, init)).status;
}

async function runJob(): Promise<number> {
  const headers = { Authorization: `Bearer ${sessionToken('id-ada', SECRET)}` };
  const answer = await fetch(`${api.url}/api/v1/dev/cron`, { method: 'POST', headers });
  await answer.body?.cancel();
  return answer.status;
}

const UNITS = ['JBNB0001', 'JBNB0002'];
const lengths = async (place: string) => {
  const { sums, readings, heartbeats } = await countedAt(api, [place], UNITS);
  return [sums.length, readings.length, heartbeats.length];
};

test('the export has all that was counted at her places, and nothing from elsewhere', async () => {
  const { sums, readings, heartbeats } = await countedAt(api, ['bakery'], UNITS);
  expect(readings).toHaveLength(PERIODS + PERIODS / 2);
  expect(heartbeats.map(({ device_id }) => device_id)).toEqual(['JBNB0001']);
  const counted = sums.reduce((all, { readings }) => all + Number(readings), 0);
  expect(counted).toBe(readings.length);
  for (const row of [...sums, ...readings, ...heartbeats]) expect(row.location_id).toBe('bakery');
});

test('half an export is none: whoever is not answered gets an error in words', async () => {
  const closed = { ...api, key: 'not-the-key' };
  await expect(countedAt(closed, ['bakery'], UNITS)).rejects.toMatchObject({
    code: 'unavailable',
    hint: expect.stringContaining('ADMIN_KEY'),
  });
  const nobody = { ...api, url: 'http://127.0.0.1:1' };
  await expect(countedAt(nobody, ['bakery'], UNITS)).rejects.toThrow(/Nobody answers/);
});

test('erased: the job takes it out of shards and Supabase, and tries until it has', async () => {
  const others = await lengths('books');
  isDown = true;
  for (const sql of eraseStatements(OLGA, 'olga@example.net', ['bakery'])) {
    await stack.db.prepare(sql).run();
  }
  expect(await runJob()).toBe(503);
  const tries = 'SELECT tries FROM erasures';
  expect(await stack.db.prepare(tries).first('tries')).toBe(1);
  isDown = false;
  expect(await runJob()).toBe(200);
  expect(await stack.db.prepare(tries).first('tries')).toBeNull();
  expect(await lengths('bakery')).toEqual([0, 0, 0]);
  expect(await lengths('books')).toEqual(others);
  const here = '?location_id=eq.bakery';
  expect(removed.filter((path) => path.endsWith(here))).toEqual(
    ['foot_traffic', 'foot_traffic_hourly', 'location_members'].map((table) => table + here),
  );
});
