/**
 * The Worker in workerd as a server of its own, for tests and benches that need real sockets: built
 * as for production, on a fresh local D1 with every migration. Knows no route.
 */
import { join } from 'node:path';
import { createTestHarness } from 'wrangler';

const path = (name: string) => join(import.meta.dirname, '..', name);
const SECRET = 'only-for-tests-only-for-tests-0000';

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
  host: string;
  port: number;
  /** The D1 binding, as the Worker has it. */
  db: Database;
  stop(): Promise<void>;
}

/** @param main module with the Worker, from the project's root */
export async function startWorker(main = 'worker/index.ts'): Promise<WorkerStack> {
  // As wrangler.toml, but for the page's files, which need a build.
  const harness = createTestHarness({
    workers: [
      {
        config: {
          name: 'jambench-test',
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
          ratelimits: [
            { name: 'UNIT_REQUESTS', namespace_id: '1', simple: { limit: 50, period: 60 } },
            { name: 'AUTH_FAILURES', namespace_id: '2', simple: { limit: 20, period: 60 } },
          ],
          vars: {
            ENVIRONMENT: 'development',
            SUPABASE_URL: 'http://127.0.0.1:1',
            SUPABASE_PUBLIC_URL: '/supabase',
            SUPABASE_JWT_SECRET: SECRET,
            ADMIN_KEY: SECRET,
            PIN_PEPPER: SECRET,
            HOLOGRAM_SECRET: SECRET,
            DEVICE_HOST: 'localhost',
            DEVICE_PORT: '5170',
          },
        },
      },
    ],
  });
  const { url } = await harness.listen();
  const worker = harness.getWorker<{ DB: Database }>();
  await worker.applyD1Migrations('DB' as never);
  const { DB: db } = await worker.getEnv();
  return { host: url.hostname, port: Number(url.port), db, stop: () => harness.close() };
}
