/**
 * `npm start` as a program: a second start is quick and keeps the data, a busy port is a sentence,
 * the loss of a part ends all in order. No browser.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort, listenError } from '../scripts/start/ports.ts';
import { type Launched, launch, stack } from './testing/stack.ts';

/** Twice what the page promises: two busy cores of a CI machine are not a laptop. */
const SECOND_START_MS_MAX = 20_000;

test.describe.configure({ mode: 'serial' });

let data: string;
let running: Launched | undefined;
const ports = { port: 0, supabasePort: 0 };

test.beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'jambench-start-'));
  ports.port = await freePort();
  ports.supabasePort = await freePort();
});
test.afterAll(async () => {
  running?.process.kill('SIGTERM');
  await running?.ended;
  rmSync(data, { recursive: true, force: true });
});

test('a busy port is reported, with who holds it and a way on', async () => {
  const port = Number(new URL(stack().url).port);
  const second = launch({ ...ports, data, port });
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain(`Port ${port} is taken`);
  expect(second.said()).toContain('JamBench seems to run already');
});

test('Ctrl-C stops everything, and the next start is quick and keeps the data', async () => {
  test.setTimeout(240_000);
  running = launch({ ...ports, data });
  await running.ready;
  const before = passwords(running.said());
  running.process.kill('SIGINT');
  expect(await running.ended).toBe(0);
  expect(await stillListening()).toEqual([]);
  const begin = Date.now();
  running = launch({ ...ports, data });
  await running.ready;
  const took = Date.now() - begin;
  console.log(`\nsecond start: ${(took / 1000).toFixed(1)} s`);
  expect(took).toBeLessThan(SECOND_START_MS_MAX);
  expect(running.said()).not.toContain('Making demo data');
  expect(passwords(running.said())).toEqual(before);
});

test('when a part is lost the rest stops, and says so', async () => {
  process.kill(pageServer(), 'SIGKILL');
  expect(await running?.ended).toBe(1);
  expect(running?.said()).toContain('The page server ended unexpectedly');
  expect(await stillListening()).toEqual([]);
});

function passwords(said: string): string[] {
  const lines = said.match(/@example\.net\s+\S+/g) ?? [];
  expect(lines).toHaveLength(5);
  return lines;
}

/** Which of the two servers still runs. */
async function stillListening(): Promise<number[]> {
  const all = [ports.port, ports.supabasePort];
  const errors = await Promise.all(all.map((port) => listenError(port, '127.0.0.1')));
  return all.filter((_, index) => errors[index] !== null);
}

/** The process of the page server: the only one that names the data folder. */
function pageServer(): number {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
  const line = all.split('\n').find((it) => it.includes('serve.ts') && it.includes(data));
  return Number.parseInt(line ?? '', 10);
}
