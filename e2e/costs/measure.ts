/**
 * Measures what one reading, one run of a job, one visit take of D1 and what they let shards write:
 * the Worker in workerd, on a fleet with two hours behind it, counted as Cloudflare counts
 * (worker/testing/cost-worker.ts). At two sizes, so that what grows with the fleet is known for
 * any. Knows no price.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { BATCH_COLUMNS } from '../../shared/contracts/reading-batch.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { isoDay } from '../../shared/time.ts';
import { postgresPrograms, startPostgres } from '../testing/postgres.ts';
import { sessionToken } from '../testing/token.ts';
import { SECRET, startWorker, type WorkerStack } from '../testing/worker-stack.ts';
import type { Measured, Rows } from './usage.ts';

const TOKEN = 'cost-token-abcdefghijklmnopqrstuvwxyz0123456';
const SIZES = [100, 400] as const;
/** Two batches of a unit. */
const A_BATCH = 12;
const PERIODS = 2 * A_BATCH;
const NOW_S = Math.floor(Date.now() / 300_000) * 300;
const MIGRATIONS = join(import.meta.dirname, '..', '..', 'worker', 'supabase', 'migrations');
const SUMS = `readings impressions device_minutes dwell_0_1 dwell_1_5 dwell_5_10 dwell_10plus
  rssi_immediate rssi_near rssi_far rssi_remote ble_apple ble_other`.split(/\s+/);
const id = (n: number) => `JBNB${String(n).padStart(4, '0')}`;
const upTo = (n: number) =>
  `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${n - 1})`;

/** Takes a minute. @param log gets what happens next */
export async function measure(log: (words: string) => void): Promise<Measured> {
  const zone = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(201).end());
  });
  await new Promise<void>((ready) => zone.listen(0, '127.0.0.1', ready));
  const vars = {
    SUPABASE_URL: `http://127.0.0.1:${(zone.address() as AddressInfo).port}`,
    SUPABASE_SERVICE_KEY: SECRET,
  };
  const stack = await startWorker('worker/testing/cost-worker.ts', vars);
  try {
    return await measureAll(stack, log);
  } finally {
    await stack.stop();
    zone.close();
  }
}

async function measureAll(stack: WorkerStack, log: (words: string) => void): Promise<Measured> {
  const [small, large] = SIZES;
  log(`A fleet of ${small} units …`);
  await grow(stack, 0, small);
  const jobs = [await runs(stack, small)];
  const one = await ofUnits(stack);
  const visits = await ofPeople(stack);
  log(`A fleet of ${large} units …`);
  await grow(stack, small, large);
  jobs.push(await runs(stack, large));
  const [at, then] = jobs as [Record<'job' | 'hourly', Rows>, Record<'job' | 'hourly', Rows>];
  const line = (which: 'job' | 'hourly') => {
    const slope = each((key) => (then[which][key] - at[which][key]) / (large - small));
    return [each((key) => Math.max(0, at[which][key] - slope[key] * small)), slope] as const;
  };
  const [job, job_per_unit] = line('job');
  const [hourly, hourly_per_unit] = line('hourly');
  const foot_traffic_bytes = await ofSupabase();
  return {
    ...one,
    ...visits,
    job,
    job_per_unit,
    hourly,
    hourly_per_unit,
    foot_traffic_bytes,
  };
}

/** Two units a location, each with two hours of readings. */
async function grow(stack: WorkerStack, from: number, to: number): Promise<void> {
  const hash = await sha256Hex(TOKEN);
  const shop = "printf('shop-%05d', i / 2)";
  const run = (sql: string, ...values: unknown[]) =>
    stack.db
      .prepare(sql)
      .bind(...values)
      .run();
  const some = `${upTo(to)} INSERT INTO`;
  await run(`${some} locations SELECT ${shop}, 'x', 'Europe/Berlin' FROM n
    WHERE i >= ${from} AND i % 2 = 0`);
  await run(
    `${some} devices (id, token_sha256, location_id, registered_s)
      SELECT printf('JBNB%04d', i), ?1, ${shop}, ?2 FROM n WHERE i >= ${from}`,
    hash,
    NOW_S - 86_400,
  );
  await run(`INSERT INTO people VALUES ('id-admin', 'a@example.net', 'admin'),
    ('id-owner', 'o@example.net', 'owner') ON CONFLICT DO NOTHING`);
  await run(`INSERT INTO memberships VALUES ('id-owner', 'shop-00000') ON CONFLICT DO NOTHING`);
  for (let n = from; n < to; n += 1) {
    for (let at = 1; at <= PERIODS; at += A_BATCH) {
      const rows = Array.from({ length: A_BATCH }, (_, i) => rowOf(at + i));
      await call(stack, { path: '/api/reading/batch', body: { d: id(n), fw: FULL.fw, r: rows } });
    }
  }
}

/** A reading of a batch, the `seq`-th of the two hours. */
function rowOf(seq: number): (number | null)[] {
  const reading = { ...FULL, seq, t: NOW_S - (PERIODS + 3 - seq) * 300 };
  return BATCH_COLUMNS.map((name) => (name in reading ? Number(Reflect.get(reading, name)) : null));
}

/** All that a unit may send. */
const FULL = {
  ...{ i: 450, u: 120, vis: 12, probe_rssi_avg: -62, probe_rssi_min: -88, probe_rssi_max: -45 },
  ...{ cell_rssi: -85, dwell_0_1: 25, dwell_1_5: 30, dwell_5_10: 10, dwell_10plus: 5 },
  ...{ rssi_immediate: 8, rssi_near: 22, rssi_far: 45, rssi_remote: 45, ble_i: 200, ble_u: 85 },
  ...{ ble_apple: 56, ble_other: 29, ble_rssi_avg: -68, of: 0, cd: 0, sf: 0, age: 0, ts: 1 },
  ...{ bt: NOW_S - 86_400, seq: 288, fw: '6.0.0', bat: 100 },
};

type Call = { path: string; method?: string; token?: string; body?: object };

async function call({ host, port }: WorkerStack, { path, method, token, body }: Call) {
  const answer = await fetch(`http://${host}:${port}${path}`, {
    method: method ?? (body ? 'POST' : 'GET'),
    headers: { Authorization: `Bearer ${token ?? TOKEN}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (answer.status >= 400) throw new Error(`${path} was answered ${answer.status}: ${text}`);
  return text;
}

/** What the calls took of D1, on average. */
async function metered(stack: WorkerStack, calls: readonly Call[]): Promise<Rows> {
  await call(stack, { path: '/meter' });
  for (const one of calls) await call(stack, one);
  const total = JSON.parse(await call(stack, { path: '/meter' })) as Rows;
  return each((key) => total[key] / calls.length);
}

const KEYS = ['rows_read', 'rows_written', 'shard_rows_written'] as const;
const each = (of: (key: keyof Rows) => number) =>
  Object.fromEntries(KEYS.map((key) => [key, of(key)])) as unknown as Rows;

const readingOf = (d: string, agoS: number, seq: number) => {
  return { path: '/api/reading', body: { d, t: NOW_S - agoS, ...FULL, seq } };
};

async function ofUnits(stack: WorkerStack) {
  const units = Array.from({ length: 40 }, (_, n) => id(n));
  const reading = (d: string) => readingOf(d, 600, PERIODS + 2);
  const heartbeat = (d: string) => ({ path: '/api/heartbeat', body: { d, v: '6.0.0' } });
  const check = (d: string) => ({ path: '/api/ota/check', body: { d, v: '6.0.0' } });
  return {
    reading: await metered(stack, units.map(reading)),
    heartbeat: await metered(stack, units.map(heartbeat)),
    config: await metered(
      stack,
      units.map((d) => ({ path: `/api/config/${d}` })),
    ),
    update_check: await metered(stack, units.map(check)),
  };
}

async function ofPeople(stack: WorkerStack) {
  const visit = async (who: string, paths: readonly string[]) => {
    const token = sessionToken(who, SECRET);
    const one = await metered(
      stack,
      paths.map((path) => ({ path, token })),
    );
    const requests = paths.length;
    return { requests, ...each((key) => one[key] * requests) };
  };
  const day = isoDay(NOW_S * 1000);
  const insights = `/api/v1/locations/shop-00000/insights?day=${day}`;
  const common = ['/api/v1/settings', '/api/v1/me', '/api/v1/alerts', '/api/v1/fleet'];
  return {
    store_visit: await visit('id-owner', [...common, '/api/v1/locations', insights]),
    fleet_visit: await visit('id-admin', [...common, '/api/v1/status', '/api/v1/audit']),
  };
}

/** Runs until a new fleet is settled; each takes 200 units. */
const RUNS_MAX = 12;
/** A run that has nothing left to settle writes its own report and little else. */
const SETTLED_ROWS = 10;

/** A five-minute run in which every location has a new bucket, and an hourly one. */
async function runs(stack: WorkerStack, units: number): Promise<Record<'job' | 'hourly', Rows>> {
  const run = (cron: string) => ({ path: `/run?cron=${encodeURIComponent(cron)}` });
  const [five, hourly] = [run('*/5 * * * *'), run('7 * * * *')];
  // Once for each unit: it is taken over, its contact copied. That is no five minutes as usual.
  for (let run = 0; run < RUNS_MAX; run += 1) {
    if ((await metered(stack, [five])).rows_written < SETTLED_ROWS) break;
  }
  for (let n = 0; n < units; n += 1) await call(stack, readingOf(id(n), 300, PERIODS + 1));
  return { job: await metered(stack, [five]), hourly: await metered(stack, [hourly]) };
}

/** A row of foot_traffic with its index, on Debian's PostgreSQL; null without one. */
async function ofSupabase(): Promise<number | null> {
  const programs = postgresPrograms();
  if (!programs) return null;
  const pg = await startPostgres(programs);
  try {
    pg.sql(`create role anon; create role authenticated; create role service_role;
      create schema auth;
      create function auth.uid() returns uuid language sql as 'select null::uuid'`);
    for (const file of readdirSync(MIGRATIONS).sort()) {
      pg.sql(readFileSync(join(MIGRATIONS, file), 'utf8'));
    }
    const counts = SUMS.slice(1);
    pg.sql(`insert into public.foot_traffic (location_id, bucket_start, revision, visits, ${counts})
      select 'harbour-street-' || s, timestamptz '2026-01-01 00:00Z' + b * interval '5 minutes',
        1790000000000, 12, ${counts.map(() => '120')}
      from generate_series(1, 100) as s, generate_series(1, 288) as b`);
    const [row] = pg.sql("select pg_total_relation_size('public.foot_traffic') / 28800.0");
    return Number(row?.[0]);
  } finally {
    await pg.stop();
  }
}
