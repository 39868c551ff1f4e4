/**
 * The Worker in workerd as a server of its own, for tests and benches that need real sockets: built
 * as for production, on a fresh local D1 with every migration. Knows no route.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestHarness } from 'wrangler';
import { QUIET } from '../../scripts/start/quiet.ts';

const path = (name: string) => join(import.meta.dirname, '..', '..', name);
/** Everything that is secret, for tests on this machine only. */
export const SECRET = 'only-for-tests-only-for-tests-0000';

/** Settings and secrets of a Worker that tests and benches start. */
export const TEST_VARS: Readonly<Record<string, string>> = {
  ENVIRONMENT: 'development',
  SHARD_WINDOW_MS: '1',
  SUPABASE_URL: 'http://127.0.0.1:1',
  SUPABASE_PUBLIC_URL: '/supabase',
  SUPABASE_JWT_SECRET: SECRET,
  ADMIN_KEY: SECRET,
  MONITOR_KEY: `${SECRET}-monitor`,
  PIN_PEPPER: SECRET,
  HOLOGRAM_SECRET: SECRET,
  DEVICE_HOST: 'localhost',
  DEVICE_PORT: '5170',
};

/** The part of D1 that tests and benches use from outside. */
export interface Statement {
  bind(...values: unknown[]): Statement;
  run(): Promise<unknown>;
  first<T>(column: string): Promise<T | null>;
  all<T>(): Promise<{ results: T[] }>;
}
export interface Database {
  prepare(sql: string): Statement;
  batch(statements: Statement[]): Promise<unknown>;
}

export interface WorkerStack {
  /** A second instance of the same Worker, in an isolate of its own on the same D1 and shards. */
  twin(path: string, init: RequestInit): Promise<Response>;
  host: string;
  port: number;
  /** The D1 binding, as the Worker has it. */
  db: Database;
  stop(): Promise<void>;
}

/**
 * @param main module with the Worker, from the project's root
 * @param vars settings other than a developer's
 */
export async function startWorker(
  main = 'worker/index.ts',
  vars: Record<string, string> = {},
): Promise<WorkerStack> {
  const configs = [FIRST, 'jambench-twin'].map((name) => ({
    config: config(name, main, vars),
  }));
  Object.assign(process.env, QUIET);
  const harness = createTestHarness({ workers: configs });
  const { url } = await harness.listen();
  const worker = harness.getWorker<{ DB: Database }>(FIRST);
  await worker.applyD1Migrations('DB' as never);
  const { DB: db } = await worker.getEnv();
  const twin = (at: string, init: RequestInit) =>
    harness.getWorker('jambench-twin').fetch(`http://bench.example.net${at}`, init as never);
  const stop = () => harness.close();
  return { host: url.hostname, port: Number(url.port), db, twin: twin as never, stop };
}

/** Name of the first instance, which the shards belong to. */
const FIRST = 'jambench-test';
const LIMITS: [string, number][] = [
  ['UNIT_REQUESTS', 50],
  ['AUTH_FAILURES', 20],
  ['OWNER_CHANGES', 60],
  ['STAFF_CHANGES', 600],
  ['FLEET_ACTIONS', 30],
  ['STRANGER_LOOKS', 30],
];

const SHARDS: [name: string, class_name: string][] = [
  ['UNITS', 'UnitShard'],
  ['PLACES', 'PlaceShard'],
];

/** Those that the Worker has: an earlier release lacks some. The twin has the first one's. */
function shardsOf(main: string, isTwin: boolean) {
  const text = readFileSync(path(main), 'utf8');
  const there = SHARDS.filter(([, class_name]) => text.includes(class_name));
  const at = isTwin ? { script_name: FIRST } : {};
  const bindings = there.map(([name, class_name]) => ({ name, class_name, ...at }));
  if (isTwin) return { durable_objects: { bindings } };
  return {
    durable_objects: { bindings },
    migrations: there.map(([, one], i) => ({ tag: `v${i + 1}`, new_sqlite_classes: [one] })),
  };
}

/** As wrangler.toml, but for the page's files, which need a build. */
function config(name: string, main: string, vars: Record<string, string>) {
  const limiter = ([name, limit]: [string, number], i: number) => ({
    name,
    namespace_id: String(i + 1),
    simple: { limit, period: 60 as const },
  });
  return {
    name,
    main: path(main),
    compatibility_date: '2026-10-01',
    d1_databases: [
      {
        binding: 'DB',
        database_name: 'jambench-test',
        database_id: '00000000-0000-0000-0000-000000000000',
        migrations_dir: path('worker/d1/migrations'),
      },
    ],
    ...shardsOf(main, name !== FIRST),
    ratelimits: LIMITS.map(limiter),
    vars: {
      ...TEST_VARS,
      ...vars,
      CLIENT_IP_HEADER: 'CF-Connecting-IP',
    },
  };
}

/** How many readings of a unit are stored, up to a thousand, by the admin API. */
export async function readingsOf({ host, port }: WorkerStack, id: string): Promise<number> {
  const path = `http://${host}:${port}/api/readings?device_id=${id}&limit=1000`;
  const answer = await fetch(path, { headers: { Authorization: `Bearer ${SECRET}` } });
  return ((await answer.json()) as { readings: unknown[] }).readings.length;
}
