/**
 * `npm run bench:ingest`: how many readings a second the built Worker takes in, in workerd on a
 * local D1: full v5.x payloads from 600 units over 32 connections. Beside it, in the same run, a
 * handler that does no more than one INSERT for each request. Reports, judges nothing.
 */

import { Agent, request } from 'node:http';
import { runCli } from '../../scripts/cli.ts';
import { sha256Hex } from '../../shared/hash.ts';
import { isoSecond } from '../../shared/time.ts';
import { startWorker, type WorkerStack } from '../testing/worker-stack.ts';

/** So many that their periods of five minutes are all recent. */
const UNITS = 600;
const CONNECTIONS = 32;
/** Long enough for a steady rate, twice, within a minute with start and warm-up. */
const MEASURE_MS = 15_000;
const WARM_UP_MS = 2_000;
const TOKEN = 'bench-token-abcdefghijklmnopqrstuvwxyz012345';
const START_S = Math.floor(Date.now() / 300_000) * 300;

interface Rate {
  per_second: number;
  p50_ms: number;
  p99_ms: number;
  failed: number;
}

const unitId = (n: number) => `JBNB${String(n).padStart(4, '0')}`;

/** What a v5.x unit sends; every period of every unit is another one. */
function payload(n: number): string {
  const period = Math.floor(n / UNITS);
  const t = isoSecond(START_S - 300 - period * 300);
  return JSON.stringify({
    d: unitId(n % UNITS),
    t,
    i: 450,
    u: 120,
    probe_rssi_avg: -62,
    probe_rssi_min: -88,
    probe_rssi_max: -45,
    cell_rssi: -85,
    dwell_0_1: 25,
    dwell_1_5: 30,
    dwell_5_10: 10,
    dwell_10plus: 5,
    rssi_immediate: 8,
    rssi_near: 22,
    rssi_far: 45,
    rssi_remote: 45,
    ble_i: 200,
    ble_u: 85,
    ble_apple: 56,
    ble_other: 29,
    ble_rssi_avg: -68,
    of: 0,
    cd: 0,
    sf: 0,
    age: 0,
    ts: 1,
    bt: 1_769_600_000,
  });
}

/** Fifty places with three units each; that all share one token makes no difference to D1. */
async function prepare({ db }: WorkerStack): Promise<void> {
  const hash = await sha256Hex(TOKEN);
  const place = db.prepare('INSERT INTO locations (id, name, time_zone) VALUES (?, ?, ?)');
  const unit = db.prepare(
    'INSERT INTO devices (id, token_sha256, location_id, registered_s) VALUES (?, ?, ?, 0)',
  );
  const at = (n: number) => `place-${n % 50}`;
  await db.batch(Array.from({ length: 50 }, (_, n) => place.bind(at(n), at(n), 'Europe/Berlin')));
  await db.batch(Array.from({ length: UNITS }, (_, n) => unit.bind(unitId(n), hash, at(n))));
}

/** Every connection sends its next reading when the last one is answered. */
async function load(stack: WorkerStack, forMs: number, next: () => number): Promise<Rate> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const took: number[] = [];
  let failed = 0;
  const begun = performance.now();
  const connection = async () => {
    while (performance.now() - begun < forMs) {
      const start = performance.now();
      const status = await post(stack, agent, payload(next()));
      took.push(performance.now() - start);
      if (status !== 201) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const seconds = (performance.now() - begun) / 1000;
  agent.destroy();
  took.sort((a, b) => a - b);
  const quantile = (q: number) => took[Math.floor((took.length - 1) * q)] ?? 0;
  return {
    per_second: took.length / seconds,
    p50_ms: quantile(0.5),
    p99_ms: quantile(0.99),
    failed,
  };
}

function post({ host, port }: WorkerStack, agent: Agent, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      Authorization: `Bearer ${TOKEN}`,
      'Content-Type': 'application/json',
      'Content-Length': body.length,
    };
    const options = { host, port, agent, method: 'POST', path: '/api/reading', headers };
    const sent = request(options, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function measure(main: string): Promise<Rate> {
  const stack = await startWorker(main);
  try {
    await prepare(stack);
    let n = 0;
    const next = () => n++;
    await load(stack, WARM_UP_MS, next);
    return await load(stack, MEASURE_MS, next);
  } finally {
    await stack.stop();
  }
}

function log(name: string, { per_second, p50_ms, p99_ms, failed }: Rate): void {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const rate = `${per_second.toFixed(0).padStart(6)} readings/s`;
  console.log(
    `${name.padEnd(28)}${rate}   p50 ${ms(p50_ms)}   p99 ${ms(p99_ms)}   failed ${failed}`,
  );
}

async function main(): Promise<void> {
  console.log(
    `${UNITS} units, ${CONNECTIONS} connections, full v5.x payloads, ${MEASURE_MS / 1000} s each`,
  );
  const naive = await measure('e2e/bench/naive-worker.ts');
  log('one INSERT a request', naive);
  const whole = await measure('worker/index.ts');
  log('JamBench', whole);
  console.log(`JamBench to one INSERT: ${(whole.per_second / naive.per_second).toFixed(2)}`);
}

// The harness keeps the process alive for a while after it is closed.
runCli('npm run bench:ingest: readings a second that the built Worker takes in', main, {
  leave: true,
});
