/**
 * Measures what one reading, one run of a job, one visit take of D1: the Worker in workerd, on a
 * fleet with half a day behind it, counted as Cloudflare counts (worker/testing/cost-worker.ts). At
 * two sizes, so that what grows with the fleet is known for any. Knows no price.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sha256Hex } from '../../shared/hash.ts';
import { isoDay } from '../../shared/time.ts';
import { postgresPrograms, startPostgres } from '../testing/postgres.ts';
import { sessionToken } from '../testing/token.ts';
import { SECRET, startWorker, type WorkerStack } from '../testing/worker-stack.ts';
import type { Measured, Rows } from './usage.ts';

const TOKEN = 'cost-token-abcdefghijklmnopqrstuvwxyz0123456';
const SIZES = [100, 400] as const;
/** Half a day: more than the sync and the newest reading's look-up ever see. */
const BUCKETS = 144;
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
  const jobs = [await runs(stack)];
  const one = await ofUnits(stack);
  const visits = await ofPeople(stack);
  log(`A fleet of ${large} units …`);
  await grow(stack, small, large);
  jobs.push(await runs(stack));
  log('Bytes on disk …');
  const bytes = await ofDisk(stack);
  const [at, then] = jobs as [Record<'job' | 'hourly', Rows>, Record<'job' | 'hourly', Rows>];
  const line = (which: 'job' | 'hourly') => {
    const of = (key: keyof Rows) => (then[which][key] - at[which][key]) / (large - small);
    const slope = { rows_read: of('rows_read'), rows_written: of('rows_written') };
    const base = (key: keyof Rows) => Math.max(0, at[which][key] - slope[key] * small);
    return [{ rows_read: base('rows_read'), rows_written: base('rows_written') }, slope] as const;
  };
  const [job, job_per_unit] = line('job');
  const [hourly, hourly_per_unit] = line('hourly');
  const foot_traffic_bytes = await ofSupabase();
  return {
    ...one,
    ...visits,
    ...bytes,
    job,
    job_per_unit,
    hourly,
    hourly_per_unit,
    foot_traffic_bytes,
  };
}

/** Two units a location, each with a reading and each location with sums for half a day. */
async function grow({ db }: WorkerStack, from: number, to: number): Promise<void> {
  const hash = await sha256Hex(TOKEN);
  const shop = "printf('shop-%05d', i / 2)";
  const run = (sql: string, ...values: unknown[]) =>
    db
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
  await run(
    `${upTo(BUCKETS)} INSERT INTO readings (device_id, period_start_s, location_id, received_s,
        impressions, device_minutes)
      SELECT d.id, ?1 - n.i * 300, d.location_id, ?1 - n.i * 300, 450, 120
      FROM devices AS d CROSS JOIN n WHERE d.id >= '${id(from)}'`,
    NOW_S - 600,
  );
  await run(
    `${upTo(BUCKETS)} INSERT INTO rollups (location_id, bucket_start_s, revision, epoch, ${SUMS})
      SELECT l.id, ?1 - n.i * 300, 1, 1, ${SUMS.map(() => '1')}
      FROM locations AS l CROSS JOIN n WHERE l.id >= printf('shop-%05d', ${from / 2})`,
    NOW_S - 600,
  );
  await run(`INSERT INTO people VALUES ('id-admin', 'a@example.net', 'admin'),
    ('id-owner', 'o@example.net', 'owner') ON CONFLICT DO NOTHING`);
  await run(`INSERT INTO memberships VALUES ('id-owner', 'shop-00000') ON CONFLICT DO NOTHING`);
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
  return {
    rows_read: total.rows_read / calls.length,
    rows_written: total.rows_written / calls.length,
  };
}

async function ofUnits(stack: WorkerStack) {
  const units = Array.from({ length: 40 }, (_, n) => id(n));
  const reading = (d: string) => ({ path: '/api/reading', body: { d, t: NOW_S - 300, ...FULL } });
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
    const { rows_read, rows_written } = await metered(
      stack,
      paths.map((path) => ({ path, token })),
    );
    const requests = paths.length;
    const all = { rows_read: rows_read * requests, rows_written: rows_written * requests };
    return { requests, ...all };
  };
  const day = isoDay(NOW_S * 1000);
  const insights = `/api/v1/locations/shop-00000/insights?day=${day}`;
  const common = ['/api/v1/settings', '/api/v1/me', '/api/v1/alerts', '/api/v1/fleet'];
  return {
    store_visit: await visit('id-owner', [...common, '/api/v1/locations', insights]),
    fleet_visit: await visit('id-admin', [...common, '/api/v1/status', '/api/v1/audit']),
  };
}

/** A five-minute run in which every location has a new bucket, and an hourly one. */
async function runs(stack: WorkerStack): Promise<Record<'job' | 'hourly', Rows>> {
  const run = (cron: string) => ({ path: `/run?cron=${encodeURIComponent(cron)}` });
  const [five, hourly] = [run('*/5 * * * *'), run('7 * * * *')];
  // the first brings everything over
  await call(stack, five);
  await stack.db
    .prepare(`UPDATE rollups SET epoch = (SELECT epoch FROM sync_state) WHERE bucket_start_s = ?1`)
    .bind(NOW_S - 600)
    .run();
  return { job: await metered(stack, [five]), hourly: await metered(stack, [hourly]) };
}

const COPIES = 20_000;

/** Copies of what really arrived, and how much larger the database is for them. */
async function ofDisk({ db }: WorkerStack) {
  const size = async (sql: string) =>
    ((await db.prepare(sql).run()) as { meta: { size_after: number } }).meta.size_after;
  const grown = async (sql: string) => {
    const before = await size('DELETE FROM outbox_mails WHERE 0');
    return ((await size(sql)) - before) / COPIES;
  };
  const columns = async (table: string, but: string) => {
    const { results } = await db
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all<{ name: string }>();
    return results.map(({ name }) => name).filter((name) => name !== but);
  };
  const readings = (await columns('readings', 'period_start_s')).join();
  const sums = (await columns('rollups', 'bucket_start_s')).join();
  return {
    reading_bytes: await grown(`${upTo(COPIES)} INSERT INTO readings (period_start_s, ${readings})
      SELECT 1700000000 + n.i * 300, ${readings.replaceAll(/\w+/g, 'r.$&')} FROM n CROSS JOIN
      (SELECT * FROM readings WHERE device_id = '${id(0)}'
        ORDER BY period_start_s DESC LIMIT 1) AS r`),
    rollup_bytes: await grown(`${upTo(COPIES)} INSERT INTO rollups (bucket_start_s, ${sums})
      SELECT 1700000000 + n.i * 300, ${sums.replaceAll(/\w+/g, 'r.$&')} FROM n CROSS JOIN
      (SELECT * FROM rollups WHERE location_id = 'shop-00000' LIMIT 1) AS r`),
  };
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
