/**
 * The development stack under test: the same program as `npm start`, on ports and data of its own.
 * Knows no page and no test.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/start/options.ts';
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
  const port = await freePort();
  const supabasePort = await freePort();
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'scripts', 'start.ts'),
      ...['--port', String(port), '--supabase-port', String(supabasePort), '--data', data],
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  await untilReady(child);
  process.env.JAMBENCH_E2E_URL = `http://localhost:${port}`;
  process.env.JAMBENCH_E2E_SUPABASE = `http://127.0.0.1:${supabasePort}`;
  process.env.JAMBENCH_E2E_DATA = data;
  return async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why: string) => {
      child.kill('SIGTERM');
      reject(new Error(`the stack ${why}\n${said}`));
    };
    const timer = setTimeout(() => fail('was not ready in time'), START_TIMEOUT_MS);
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes('JamBench runs')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', () => fail('ended'));
  });
}

/** A port that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
