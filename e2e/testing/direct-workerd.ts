/**
 * A Worker in workerd whose socket is workerd's own: no front server, no harness, no Node between
 * a client and the Worker. Bound as wrangler.toml says but for the page's files; what it keeps lies
 * in a folder on disk and outlives a SIGKILL. Knows no route.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readD1Migrations } from '@cloudflare/vitest-plugin';
import { unstable_getMiniflareWorkerOptions as optionsOf, unstable_readConfig } from 'wrangler';
import { QUIET } from '../../scripts/start/quiet.ts';
import { AppError } from '../../shared/errors.ts';
import { type Database, TEST_VARS } from './worker-stack.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const HOST = '127.0.0.1';

/** What is used of Miniflare, which comes with wrangler and is of wrangler's version. */
interface MiniflareModule {
  Miniflare: new (options: object) => MiniflareInstance;
  convertV4MiniflareOptions(options: object): object;
}
interface MiniflareInstance {
  ready: Promise<URL>;
  unsafeGetDirectURL(): Promise<URL>;
  getInspectorURL(): Promise<URL>;
  getD1Database(binding: string): Promise<Database>;
  dispose(): Promise<void>;
}

export interface DirectOptions {
  /** As from bundleWorker of scripts/build/worker-module.ts. */
  code: string;
  /** Folder for what D1 and Durable Objects keep. */
  persist: string;
  /** Settings other than the tests'. */
  vars?: Readonly<Record<string, string>>;
  /** The same address again, for clients that try again; otherwise one that is free. */
  port?: number;
  /** Opens workerd's inspector, which tells what a program keeps in memory. */
  inspect?: boolean;
}

export interface DirectWorkerd {
  readonly host: string;
  readonly port: number;
  /** Process id of workerd itself. */
  readonly pid: number;
  /** Where the inspector listens, if it was asked for. */
  inspector(): Promise<URL>;
  /**
   * The D1 binding, as the Worker has it, with every migration. Not under load: Miniflare blocks
   * this process for it, and workerd stands still when nobody reads its log.
   */
  database(): Promise<Database>;
  /** SIGKILL to workerd: no handler runs, nothing more is written. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when workerd listens. */
export async function startDirect(options: DirectOptions): Promise<DirectWorkerd> {
  Object.assign(process.env, QUIET);
  const before = new Set(workerds());
  const counts = countInMemory(options.persist);
  const { Miniflare, convertV4MiniflareOptions } = miniflare();
  const instance = new Miniflare(
    convertV4MiniflareOptions({
      workers: [workerOf(options)],
      resourcePersistencePath: options.persist,
      ...(options.inspect ? { inspectorPort: 0 } : {}),
      // The Worker logs a line a request.
      handleStructuredLogs: () => {},
    }),
  );
  await instance.ready;
  const [pid] = workerds().filter((id) => !before.has(id));
  if (pid === undefined) throw new AppError('internal', 'workerd did not start.');
  const { port } = await instance.unsafeGetDirectURL();
  const inspector = () => instance.getInspectorURL();
  const database = async () => migrated(await instance.getD1Database('DB'));
  const stop = async () => {
    await instance.dispose();
    rmSync(counts, { recursive: true });
  };
  const kill = async () => {
    process.kill(pid, 'SIGKILL');
    await stop();
  };
  return { host: HOST, port: Number(port), pid, inspector, database, kill, stop };
}

/** A folder of memory, as Linux has it. */
const MEMORY = '/dev/shm';

/**
 * The platform's limiters count in memory; Miniflare's write a row to disk and wait for it, at each
 * request. @returns the folder in memory, where Miniflare keeps its counts now
 */
function countInMemory(persist: string): string {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'jambench-limits-'));
  const place = join(persist, 'ratelimit');
  rmSync(place, { recursive: true, force: true });
  symlinkSync(folder, place);
  return folder;
}

function miniflare(): MiniflareModule {
  const wrangler = createRequire(import.meta.url).resolve('wrangler');
  return createRequire(wrangler)('miniflare') as MiniflareModule;
}

/** As wrangler.toml binds it; tests' settings instead of production's. */
function workerOf({ code, vars, port = 0 }: DirectOptions): object {
  const config = unstable_readConfig({ config: join(ROOT, 'wrangler.toml') });
  // The page needs a build, and the list of secrets is production's.
  const { workerOptions } = optionsOf({ ...config, assets: undefined, secrets: undefined });
  return {
    ...workerOptions,
    name: 'jambench',
    modules: [{ type: 'ESModule', path: 'worker.js', contents: code }],
    bindings: { ...(workerOptions.bindings as object), ...TEST_VARS, ...vars },
    unsafeDirectSockets: [{ host: HOST, port }],
  };
}

async function migrated(db: Database): Promise<Database> {
  const known = "SELECT COUNT(*) AS n FROM sqlite_master WHERE name = 'devices'";
  if ((await db.prepare(known).first<number>('n')) === 1) return db;
  for (const { queries } of await readD1Migrations(join(ROOT, 'worker/d1/migrations'))) {
    await db.batch(queries.map((sql) => db.prepare(sql)));
  }
  return db;
}

/** Children of this process that are workerd; Linux tells (proc(5)), others do not. */
function workerds(): number[] {
  const tasks = readdirSync('/proc/self/task');
  const lists = tasks.map((id) => readFileSync(`/proc/self/task/${id}/children`, 'utf8'));
  const children = lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  return children.filter((id) => commandOf(id).includes('workerd'));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '';
  } catch {
    return ''; // it has ended meanwhile
  }
}
