/**
 * `npm run bench:shard`: what one full shard of units takes: rows written for a reading, memory,
 * and how long its first answer takes after it was evicted. Reports, judges nothing.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleWorker } from '../../scripts/build/worker-module.ts';
import { numberOption, runCli } from '../../scripts/cli.ts';
import { type DirectWorkerd, startDirect } from '../testing/direct-workerd.ts';
import { type Heap, heapOf } from '../testing/heap-inspector.ts';
import { cpuMs } from './ingest/proc.ts';
import { median } from './ingest/statistics.ts';

const USAGE = `npm run bench:shard -- [options]: what one shard of units takes
  --units N       (25000)
  --readings N    of each unit, in small commits as they come (24)`;

// Miniflare keeps the process alive for a while after it is closed.
runCli(USAGE, main, { leave: true });

const MAIN = 'worker/testing/shard-load.ts';
const PERIOD_S = 300;
/** 3.7 readings a commit. */
const SIZES = [4, 4, 3, 4, 4, 3, 4, 4, 3, 4];
/** Readings that a unit has unpacked vary: as many seeds as it takes to be anywhere in a chunk. */
const DEPTH = 24;
const ROUNDS = 5;
/** A commit is one write and one wait; what waits is the disk, and not what is measured. */
const MEMORY = '/dev/shm';

interface Played {
  stored: number;
  rows: number;
  commits: number;
}

async function main(args: string[]): Promise<void> {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      units: { ...string, default: '25000' },
      readings: { ...string, default: '24' },
    },
  });
  const units = numberOption('units', values.units, DEPTH, 1_000_000);
  const readings = numberOption('readings', values.readings, 1, 1000);
  const folder = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'jambench-shard-'));
  const workerd = await startDirect({
    code: await bundleWorker(MAIN),
    persist: folder,
    inspect: true,
  });
  try {
    await measure(workerd, units, readings);
  } finally {
    await workerd.stop();
    await rm(folder, { recursive: true });
  }
}

async function measure(workerd: DirectWorkerd, units: number, readings: number): Promise<void> {
  const inspector = await workerd.inspector();
  const heap = () => heapOf(inspector, 'jambench', () => ask(workerd, '/first', { from: 0 }));
  await ask(workerd, '/first', { from: 0 });
  const empty = await heap();
  await ask(workerd, '/meet', { from: 0, to: units });
  const known = await heap();
  tell(`${units} units, no reading`, empty, known);

  const start_s =
    Math.floor(Date.now() / 1000 / PERIOD_S) * PERIOD_S - (readings + DEPTH) * PERIOD_S;
  await seed(workerd, units, start_s);
  const { stored, rows, commits } = await played(workerd, units, readings, start_s);
  const perCommit = (stored / commits).toFixed(2);
  console.log(`${stored} readings in ${commits} commits, ${perCommit} each, packing included:`);
  console.log(`  ${(rows / stored).toFixed(3)} rows written a reading`);
  tell('memory with them', empty, await heap());

  const took_ms: number[] = [];
  const own_ms: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await ask(workerd, '/end', {});
    const [before, cpu] = [performance.now(), cpuMs(workerd.pid)];
    await ask(workerd, '/first', { from: units - 1 });
    took_ms.push(performance.now() - before);
    own_ms.push(cpuMs(workerd.pid) - cpu);
  }
  const [took, own] = [median(took_ms), median(own_ms)].map((ms) => ms.toFixed(0));
  console.log(`first answer after eviction: ${took} ms, ${own} ms of CPU`);
  tell('memory after it', empty, await heap());
}

/** Period by period, for a request that takes minutes is given up. */
async function played(
  workerd: DirectWorkerd,
  units: number,
  readings: number,
  start_s: number,
): Promise<Played> {
  const all: Played = { stored: 0, rows: 0, commits: 0 };
  for (let first = DEPTH; first < DEPTH + readings; first += 1) {
    const part = { from: 0, to: units, first, last: first + 1, sizes: SIZES, start_s };
    const one = (await ask(workerd, '/play', part)) as Played;
    for (const name of ['stored', 'rows', 'commits'] as const) all[name] += one[name];
  }
  return all;
}

/** So that each unit is somewhere else in its two hours. */
async function seed(workerd: DirectWorkerd, units: number, start_s: number): Promise<void> {
  const step = Math.ceil(units / DEPTH);
  for (let phase = 1; phase < DEPTH; phase += 1) {
    const to = Math.min(units, (phase + 1) * step);
    const part = { from: phase * step, to, first: DEPTH - phase, last: DEPTH, sizes: [500] };
    if (part.from < to) await ask(workerd, '/play', { ...part, start_s });
  }
}

function tell(what: string, empty: Heap, now: Heap): void {
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
  const [objects, outside] = [now.objects - empty.objects, now.outside - empty.outside];
  const parts = `objects ${mb(objects)}, typed arrays and the like ${mb(outside)}`;
  console.log(`${what}: ${mb(objects + outside)} MB more than an empty object (${parts})`);
}

async function ask({ host, port }: DirectWorkerd, path: string, part: object): Promise<unknown> {
  const query = new URLSearchParams({ part: JSON.stringify(part) });
  const answer = await fetch(`http://${host}:${port}${path}?${query}`);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return await answer.json();
}
