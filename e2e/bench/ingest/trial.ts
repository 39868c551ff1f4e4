/**
 * The kill trial: workerd under load is killed with SIGKILL again and again, on the same folder;
 * clients hang up if they are told to, and send again what was not answered. Then what is stored is
 * compared with what was acknowledged. Judges, and knows no store.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bundleWorker } from '../../../scripts/build/worker-module.ts';
import {
  type DirectOptions,
  type DirectWorkerd,
  startDirect,
} from '../../testing/direct-workerd.ts';
import { LoadProcess, type LoadResult } from './load-process.ts';
import { connectionsOf } from './proc.ts';
import { LAST_S, placeOf, sentOf } from './readings.ts';
import { quantile } from './statistics.ts';
import type { Variant } from './variants.ts';
import { judgeStored, type Verdict } from './verdict.ts';

export interface TrialOptions {
  kills: number;
  seconds: number;
  connections: number;
  /** 0 to 1. */
  hang_up: number;
}

export interface Trial extends Verdict {
  kills: number;
  /** Requests that had no answer: killed, refused while nobody listened, or hung up on. */
  unanswered: number;
  /** Answered as known: stored before the answer was lost. */
  repeats: number;
  /** Answers other than 201, by status. */
  refusals: Record<string, number>;
  /** Readings that nobody acknowledged in the end. */
  given_up: number;
  /** Connections that workerd still held when every client had gone. */
  held: number;
  /** Of requests at rest, after all that. */
  p99_ms: number;
}

/** Long after the last kill, for a client that waits for its answer. */
const PATIENCE_MS = 60_000;
const AT_REST_MS = 1500;
/** So few that most readings are of units which their shard has met, and may be lost by it. */
const UNITS = 1500;
const SETTLE_MS = 1000;

export async function killTrial(variant: Variant, options: TrialOptions): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'jambench-kill-'));
  const code = await bundleWorker(variant.main);
  const { vars = {} } = variant;
  const first = await startDirect({ code, persist: folder, vars });
  const start: DirectOptions = { code, persist: folder, vars, port: first.port };
  const load = new LoadProcess();
  let workerd = first;
  try {
    await variant.prepare(await workerd.database());
    const { host, port } = workerd;
    const plan = {
      host,
      port,
      connections: options.connections,
      last_s: LAST_S,
      warm_up_ms: 0,
      units: UNITS,
    };
    const { hang_up } = options;
    const times = { measure_ms: options.seconds * 1000, patience_ms: PATIENCE_MS };
    const loading = load.run({ ...plan, ...times, hang_up, first: 0 });
    for (let kill = 0; kill < options.kills; kill += 1) {
      await pause(untilNext(options));
      workerd = await again(workerd, start);
    }
    const result = await loading;
    await pause(SETTLE_MS);
    const held = connectionsOf(port);
    const rest = { measure_ms: AT_REST_MS, patience_ms: PATIENCE_MS, first: result.next };
    const at_rest = await load.run({ ...plan, ...rest });
    const ask = async (main: string) => {
      await workerd.stop();
      workerd = await startDirect({ ...start, code: await bundleWorker(main) });
      return await (await fetch(`http://${host}:${port}/`)).json();
    };
    const look = () => variant.stored({ database: () => workerd.database(), ask });
    // Miniflare's own way to D1 breaks off at times. Looking changes nothing: once more, anew.
    const stored = await look().catch(async () => {
      await workerd.stop();
      workerd = await startDirect(start);
      return await look();
    });
    const sent = acknowledged([result, at_rest]);
    return {
      ...judgeStored(sent, stored, placeOf),
      ...facts(result),
      kills: options.kills,
      given_up: result.given_up.length + at_rest.given_up.length,
      held,
      p99_ms: quantile(at_rest.took_ms, 0.99),
    };
  } finally {
    await load.stop();
    await workerd.stop();
    await rm(folder, { recursive: true });
  }
}

async function again(workerd: DirectWorkerd, start: DirectOptions): Promise<DirectWorkerd> {
  await workerd.kill();
  return await startDirect(start);
}

/** Kills come at any moment of their share of the time, and leave the last share in peace. */
function untilNext({ seconds, kills }: TrialOptions): number {
  return (seconds / (kills + 1)) * 1000 * (0.5 + Math.random());
}

/** A client asks until it is answered, so every number is acknowledged but those given up. */
function acknowledged(results: readonly LoadResult[]) {
  const missing = new Set(results.flatMap(({ given_up }) => given_up));
  const next = Math.max(...results.map((result) => result.next));
  const numbers = Array.from({ length: next }, (_, n) => n).filter((n) => !missing.has(n));
  return numbers.map((n) => sentOf(n, LAST_S, UNITS));
}

function facts({ statuses, unanswered, repeats }: LoadResult) {
  const { 201: _stored, ...refusals } = statuses;
  return { unanswered, repeats, refusals };
}
