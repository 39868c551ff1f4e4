/**
 * Page and Worker: built when their sources changed, copied into the data folder with the settings
 * of this run, served by workerd (serve.ts). The copy keeps a running instance whole while the next
 * build is made. Knows no route.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PEER_HEADER } from '../door/address.ts';
import { type Child, runToEnd, startChild } from './children.ts';
import { hashInputs, unlessUnchanged } from './inputs.ts';
import { ROOT } from './options.ts';
import type { DevSecrets } from './secrets.ts';
import { untilAnswers } from './wait.ts';

/** What `vite build` reads. */
const INPUTS = [
  'web',
  'worker',
  'shared',
  'firmware/virtual',
  'scripts/build.ts',
  'scripts/build',
  'scripts/door',
  'scripts/vite',
  'NOTICE',
  'vite.config.ts',
  'wrangler.toml',
  'package-lock.json',
];
const READY_TIMEOUT_MS = 60_000;

export interface PageOptions {
  port: number;
  supabasePort: number;
  data: string;
  /** Where the local D1 lives. */
  state: string;
  secrets: DevSecrets;
  dev: boolean;
  /** Opens the jobs' trigger; made anew at each start. */
  cronKey: string;
}

/** The virtual firmware bundle; the script keeps a cache of its own. */
export async function buildFirmware(): Promise<void> {
  await runToEnd('The virtual firmware could not be built.', ['scripts/firmware-build.ts'], {
    cwd: ROOT,
  });
}

/** @returns true when something was built, false when the last build still holds */
export async function buildPage(): Promise<boolean> {
  const hash = hashInputs(ROOT, INPUTS);
  return await unlessUnchanged(join(ROOT, 'dist', '.inputs'), hash, async () => {
    await runToEnd('The page could not be built.', ['scripts/build.ts'], { cwd: ROOT });
  });
}

/** Answers when this resolves. */
export async function startPage(options: PageOptions): Promise<Child> {
  const env = {
    PORT: String(options.port),
    JAMBENCH_SUPABASE_PORT: String(options.supabasePort),
    JAMBENCH_STATE: options.state,
    JAMBENCH_CRON_KEY: options.cronKey,
  };
  const child = options.dev ? startDev(options, env) : startPreview(options, env);
  await untilAnswers(`http://127.0.0.1:${options.port}/health`, child, READY_TIMEOUT_MS);
  return child;
}

function startDev(options: PageOptions, env: Record<string, string>): Child {
  writeFileSync(join(ROOT, '.dev.vars'), devVars(options), { mode: 0o600 });
  const vite = join('node_modules', 'vite', 'bin', 'vite.js');
  return startChild('page server', [vite], { cwd: ROOT, env });
}

function startPreview(options: PageOptions, env: Record<string, string>): Child {
  const run = join(options.data, 'run');
  rmSync(run, { recursive: true, force: true });
  // the same two folders as in the project: one names the other by a relative path
  const pointer = join('web', '.wrangler', 'deploy');
  mkdirSync(join(run, pointer), { recursive: true, mode: 0o700 });
  cpSync(join(ROOT, 'dist'), join(run, 'dist'), { recursive: true });
  cpSync(join(ROOT, pointer), join(run, pointer), { recursive: true });
  forgetSecretsList(join(run, 'dist', 'jambench', 'wrangler.json'));
  const vars = join(run, 'dist', 'jambench', '.dev.vars');
  writeFileSync(vars, devVars(options), { mode: 0o600 });
  const serve = join(import.meta.dirname, 'serve.ts');
  return startChild('page server', [serve, run], { cwd: ROOT, env });
}

/** The list is production's: with it, .dev.vars would be left out where it names more. */
function forgetSecretsList(file: string): void {
  const { secrets: _production, ...config } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(config));
}

/** The Worker's settings and secrets in development, as `NAME="value"` lines. */
function devVars({ port, supabasePort, secrets, dev }: PageOptions): string {
  const vars = {
    ENVIRONMENT: 'development',
    // Of requests that go well nobody reads the line; Vite's server shows each.
    LOG_SHARE: dev ? '1' : '0',
    // Nobody shares a commit here.
    SHARD_WINDOW_MS: '1',
    SUPABASE_URL: `http://127.0.0.1:${supabasePort}`,
    SUPABASE_PUBLIC_URL: '/supabase',
    SUPABASE_ANON_KEY: secrets.publishableKey,
    SUPABASE_SERVICE_KEY: secrets.serviceKey,
    SUPABASE_JWT_SECRET: secrets.jwtSecret,
    DEVICE_HOST: 'localhost',
    DEVICE_PORT: String(port),
    CLIENT_IP_HEADER: PEER_HEADER,
    PIN_PEPPER: secrets.pinPepper,
    ADMIN_KEY: secrets.adminKey,
    HOLOGRAM_SECRET: secrets.hologramSecret,
    // Mails stay here: /api/v1/dev/outbox shows them.
    MAIL_FROM: 'JamBench <bench@example.net>',
    MAIL_TO: 'admin@example.net',
  };
  return Object.entries(vars)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('');
}
