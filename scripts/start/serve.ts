/**
 * The page server's process: the built Worker and the door before it in one workerd, whose own
 * socket is the page's port. Argument 1 is the folder with the copy of the build; ports, keys and
 * state come from the environment. Knows nothing of building.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { unstable_getMiniflareWorkerOptions as optionsOf, unstable_readConfig } from 'wrangler';
import type { DoorEnv } from '../door/door.ts';

/** What is used of Miniflare, which comes with wrangler and is of wrangler's version. */
interface MiniflareModule {
  Miniflare: new (options: object) => { ready: Promise<URL>; dispose(): Promise<void> };
  convertV4MiniflareOptions(options: object): object;
}

const HOST = '127.0.0.1';
const run = process.argv[2] ?? '.';
const { PORT, JAMBENCH_SUPABASE_PORT, JAMBENCH_STATE, JAMBENCH_CRON_KEY } = process.env;
const supabase = `${HOST}:${JAMBENCH_SUPABASE_PORT}`;

/** The Worker as the build configures it, with this run's settings beside it (.dev.vars). */
function appOf(folder: string): object {
  const config = unstable_readConfig({ config: join(folder, 'wrangler.json') });
  const { workerOptions } = optionsOf(config);
  const path = resolve(folder, config.main ?? 'index.js');
  return { ...workerOptions, name: config.name, modules: [moduleAt(path)] };
}

function door(code: string): object {
  const bindings: Omit<DoorEnv, 'APP' | 'SUPABASE'> = {
    ORIGIN: `http://localhost:${PORT}`,
    SUPABASE_ORIGIN: `http://${supabase}`,
    CRON_KEY: JAMBENCH_CRON_KEY ?? '',
  };
  return {
    name: 'door',
    compatibilityDate: '2026-10-01',
    // Lets it run the Worker's jobs.
    compatibilityFlags: ['service_binding_extra_handlers'],
    modules: [moduleAt(code)],
    bindings,
    serviceBindings: { APP: 'jambench', SUPABASE: { external: { address: supabase, http: {} } } },
    unsafeDirectSockets: [{ host: HOST, port: Number(PORT) }],
  };
}

/** Under a name of its own: workerd takes no path from outside its folder. */
const moduleAt = (path: string) => {
  return { type: 'ESModule', path: 'worker.js', contents: readFileSync(path, 'utf8') };
};

const wrangler = createRequire(import.meta.url).resolve('wrangler');
const miniflare = createRequire(wrangler)('miniflare') as MiniflareModule;
const server = new miniflare.Miniflare(
  miniflare.convertV4MiniflareOptions({
    workers: [door(join(run, 'dist', 'door', 'worker.js')), appOf(join(run, 'dist', 'jambench'))],
    // As Vite's server of development and `wrangler --persist-to` have it.
    resourcePersistencePath: join(JAMBENCH_STATE ?? join(run, 'state'), 'v3'),
    telemetry: { enabled: false },
    handleStructuredLogs: ({ level, message }: { level: string; message: string }) => {
      if (level === 'error' || level === 'warn') console.error(message);
    },
  }),
);
await server.ready;

process.on('SIGTERM', () => {
  server.dispose().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
