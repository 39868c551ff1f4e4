/**
 * `npm run bench:sync`: how fast the sync makes up for a day without Supabase. 5,000 locations with
 * 288 five-minute buckets each wait in one shard of places; the Worker in workerd runs its
 * five-minute job again and again, pushing through supabase-js to Debian's PostgreSQL, with the
 * project's own migrations, behind a stand-in for PostgREST. Reports, judges nothing.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runCli } from '../../scripts/cli.ts';
import { AppError } from '../../shared/errors.ts';
import { type Postgres, postgresPrograms, startPostgres } from '../testing/postgres.ts';
import { sessionToken } from '../testing/token.ts';
import { SECRET, startWorker, type WorkerStack } from '../testing/worker-stack.ts';

const LOCATIONS = Number(process.env.BENCH_LOCATIONS ?? 5000);
const BUCKETS = 288;
/** Locations that one hand-over concerns. */
const AT_ONCE = 20;
const MIGRATIONS = join(import.meta.dirname, '..', '..', 'worker', 'supabase', 'migrations');
const COUNTS = `impressions device_minutes dwell_0_1 dwell_1_5 dwell_5_10 dwell_10plus
  rssi_immediate rssi_near rssi_far rssi_remote ble_apple ble_other`.split(/\s+/);
const COLUMNS = ['location_id', 'bucket_start', 'revision', 'visits', ...COUNTS];
/** As PostgREST makes it of a merging upsert; the rows come as one JSON text. */
const UPSERT = `insert into public.foot_traffic (${COLUMNS})
  select ${COLUMNS} from json_populate_recordset(null::public.foot_traffic, :'rows')
  on conflict (location_id, bucket_start) do update set
  ${COLUMNS.map((column) => `${column} = excluded.${column}`).join()};`;

let pushed = 0;

/** Takes the rows in as the service role; nothing else of PostgREST is played. */
async function answer(pg: Postgres, request: IncomingMessage, response: ServerResponse) {
  let rows = '';
  for await (const part of request) rows += part;
  const code = await psql(pg, rows);
  if (code === 0) pushed += (JSON.parse(rows) as unknown[]).length;
  response.writeHead(code === 0 ? 201 : 500).end();
}

function psql(pg: Postgres, rows: string): Promise<number | null> {
  const quoted = rows.replaceAll("'", "''");
  const child = spawn(pg.psql, pg.session, { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(`set role service_role; ${UPSERT.replace(":'rows'", `'${quoted}'`)}`);
  return new Promise((resolve) => child.once('exit', resolve));
}

function prepareZone(pg: Postgres): void {
  pg.sql(`create role anon; create role authenticated; create role service_role bypassrls;
    create schema auth;
    create function auth.uid() returns uuid language sql as 'select null::uuid'`);
  for (const file of readdirSync(MIGRATIONS).sort()) {
    pg.sql(readFileSync(join(MIGRATIONS, file), 'utf8'));
  }
}

const shop = (n: number) => `shop-${String(n).padStart(5, '0')}`;

async function fill({ db, host, port }: WorkerStack): Promise<void> {
  await db
    .prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${LOCATIONS})
      INSERT INTO locations (id, name, time_zone) SELECT printf('shop-%05d', i), 'x', 'UTC' FROM n`)
    .run();
  await db.prepare("INSERT INTO people VALUES ('id-admin', 'a@example.net', 'admin')").run();
  for (let from = 0, epoch = 1; from < LOCATIONS; from += AT_ONCE, epoch += 1) {
    const length = Math.min(AT_ONCE, LOCATIONS - from);
    const places = Array.from({ length }, (_, i) => shop(from + i + 1));
    const url = `http://${host}:${port}/fill?epoch=${epoch}&places=${places}`;
    const answer = await fetch(url, { method: 'POST' });
    if (!answer.ok) throw new Error(`the shard was not filled: ${answer.status}`);
  }
}

interface Report {
  rows_synced: number;
  rows_left: number;
}

async function drain({ host, port }: WorkerStack): Promise<void> {
  const headers = { Authorization: `Bearer ${sessionToken('id-admin', SECRET)}` };
  const arrives = LOCATIONS;
  let [runs, took] = [0, 0];
  for (let left = Number.POSITIVE_INFINITY; left > 0; runs += 1) {
    const begun = performance.now();
    const url = `http://${host}:${port}/api/v1/dev/cron`;
    const response = await fetch(url, { method: 'POST', headers });
    const report = (await response.json()) as Report;
    if (!response.ok) throw new Error(JSON.stringify(report));
    const seconds = (performance.now() - begun) / 1000;
    took += seconds;
    left = report.rows_left;
    const rate = (report.rows_synced / seconds).toFixed(0);
    console.log(
      `run ${runs + 1}: ${report.rows_synced} rows in ${seconds.toFixed(1)} s (${rate}/s)`,
    );
  }
  const net = pushed / runs - arrives;
  console.log(`
${pushed} rows in ${runs} runs, ${took.toFixed(0)} s of work.
A run takes ${(pushed / runs / arrives).toFixed(1)} times what arrives until the next one.
With a run each five minutes and readings going on: ${Math.ceil((pushed / net) * 5)} minutes.`);
}

async function main(): Promise<void> {
  const programs = postgresPrograms();
  if (programs === null) {
    throw new AppError('not_found', 'PostgreSQL is missing.', {
      hint: 'Install it: apt-get install postgresql',
    });
  }
  const pg = await startPostgres(programs);
  const server = createServer((request, response) => void answer(pg, request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const vars = {
    SUPABASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    SUPABASE_SERVICE_KEY: SECRET,
  };
  const stack = await startWorker('worker/testing/sync-worker.ts', vars);
  try {
    prepareZone(pg);
    console.log(`Filling ${LOCATIONS} locations × ${BUCKETS} buckets …`);
    await fill(stack);
    await drain(stack);
  } finally {
    await stack.stop();
    await pg.stop();
  }
}

const USAGE = `npm run bench:sync: how fast the sync makes up for a day without Supabase
  BENCH_LOCATIONS=N in the environment: so many locations (5000)`;

// The harness keeps the process alive for a while after it is closed.
runCli(USAGE, main, { leave: true });
