/**
 * The development stack under test: the same program as `npm start`, on ports and data of its own.
 * Knows no page and no test.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/start/options.ts';
import { freePort } from '../../scripts/start/ports.ts';
import { type DemoRole, type DevSecrets, demoEmail } from '../../scripts/start/secrets.ts';

/** A first start builds, migrates and seeds; on two busy cores. */
const START_TIMEOUT_MS = 240_000;

export interface StackUnderTest {
  url: string;
  supabase: string;
  secrets: DevSecrets;
}

/** The stack that the global set-up started. */
export function stack(): StackUnderTest {
  const { JAMBENCH_E2E_URL, JAMBENCH_E2E_SUPABASE, JAMBENCH_E2E_DATA } = process.env;
  if (!JAMBENCH_E2E_URL || !JAMBENCH_E2E_SUPABASE || !JAMBENCH_E2E_DATA)
    throw new Error('the global set-up has not run');
  const file = join(JAMBENCH_E2E_DATA, 'secrets.json');
  const secrets = JSON.parse(readFileSync(file, 'utf8')) as DevSecrets;
  return { url: JAMBENCH_E2E_URL, supabase: JAMBENCH_E2E_SUPABASE, secrets };
}

export function signIn(role: DemoRole): { email: string; password: string } {
  return { email: demoEmail(role), password: stack().secrets.passwords[role] };
}

/** A file of the built page as the running stack serves it. */
export function servedFile(name: string): string {
  return join(process.env.JAMBENCH_E2E_DATA ?? '', 'run', 'dist', 'client', name);
}

/** Starts the stack; tests find it through the environment. @returns how to stop it */
export async function startStackUnderTest(): Promise<() => Promise<void>> {
  const data = mkdtempSync(join(tmpdir(), 'jambench-e2e-'));
  const [port, supabasePort] = [await freePort(), await freePort()];
  const program = launch({ data, port, supabasePort });
  await program.ready;
  process.env.JAMBENCH_E2E_URL = `http://localhost:${port}`;
  process.env.JAMBENCH_E2E_SUPABASE = `http://127.0.0.1:${supabasePort}`;
  process.env.JAMBENCH_E2E_DATA = data;
  return async () => {
    program.process.kill('SIGTERM');
    await program.ended;
    rmSync(data, { recursive: true, force: true });
  };
}

export interface Launched {
  process: ChildProcess;
  /** Everything printed so far. */
  said(): string;
  /** Resolves when it says where to click; rejects with what it said when it ends before. */
  ready: Promise<void>;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
}

/** Runs what `npm start` runs. */
export function launch(on: { data: string; port: number; supabasePort: number }): Launched {
  const args = [
    join(ROOT, 'scripts', 'start.ts'),
    ...['--port', String(on.port), '--supabase-port', String(on.supabasePort), '--data', on.data],
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = new Promise<void>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`the stack ${why}\n${said}`));
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      fail('was not ready in time');
    }, START_TIMEOUT_MS);
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes('Ctrl-C stops it')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', () => {
      clearTimeout(timer);
      fail('ended');
    });
  });
  ready.catch(() => {}); // who awaits it hears of it; who only wants `ended` need not
  return { process: child, said: () => said, ready, ended };
}
