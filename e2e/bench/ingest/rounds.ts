/**
 * Rounds of turns: every variant runs in a workerd of its own all the time, and is given the load
 * in turn, so that whatever else the machine does falls on all alike. Judges nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorker } from '../../../scripts/build/worker-module.ts';
import { type DirectWorkerd, startDirect } from '../../testing/direct-workerd.ts';
import { LoadProcess } from './load-process.ts';
import { cpuMs } from './proc.ts';
import { LAST_S, UNITS } from './readings.ts';
import { quantile } from './statistics.ts';
import type { Meter, Variant } from './variants.ts';

export interface BenchOptions {
  rounds: number;
  seconds: number;
  connections: number;
  /** 0 to 1. */
  hang_up: number;
}

/** What one turn of a variant gave. */
export interface Turn {
  per_second: number;
  /** User and system time of workerd, ms for each answered request. */
  cpu_ms: number;
  p50_ms: number;
  p99_ms: number;
  /** Answers that were no 201. */
  refused: number;
  unanswered: number;
}

/** Long enough for the connections to open and for caches to fill again. */
const WARM_UP_MS = 500;
/** Before the first round: long enough for the JIT. */
const FIRST_WARM_UP_MS = 2000;
/** Connections over which units are met. */
const MEETING = 32;
/** How long readings are sent of which the rows are counted. */
const METERED_MS = 1500;

/** What a variant wrote for a reading, and how many readings its shard committed at once. */
export interface Written {
  rows: number;
  /** NaN where there is no shard. */
  per_commit: number;
}

/** A variant's turns, one a round, and what it wrote afterwards. */
export interface Played {
  turns: readonly Turn[];
  written: Written;
}

/** Measures all variants, in their order. */
export async function playRounds(
  variants: readonly Variant[],
  options: BenchOptions,
  tell: (words: string) => void,
): Promise<Played[]> {
  const load = new LoadProcess();
  const racers: Racer[] = [];
  try {
    for (const variant of variants) racers.push(await Racer.start(variant, load));
    for (const racer of racers) await racer.turn({ ...options, seconds: 0 }, FIRST_WARM_UP_MS);
    for (let round = 0; round < options.rounds; round += 1) {
      // who begins changes, so that nobody always follows the same other
      for (let i = 0; i < racers.length; i += 1) {
        const racer = racers[(round + i) % racers.length];
        racer?.turns.push(await racer.turn(options, WARM_UP_MS));
      }
      const rates = racers.map(({ turns }) => turns.at(-1)?.per_second.toFixed(0));
      tell(`round ${round + 1}: ${rates.join(', ')} readings/s`);
    }
    const played: Played[] = [];
    for (const racer of racers) {
      played.push({ turns: racer.turns, written: await racer.written(options) });
    }
    return played;
  } finally {
    for (const racer of racers) await racer.stop();
    await load.stop();
  }
}

/** A variant in a workerd and a folder of its own. */
class Racer {
  readonly turns: Turn[] = [];
  #workerd: DirectWorkerd;
  readonly #variant: Variant;
  readonly #load: LoadProcess;
  readonly #folder: string;
  #next = 0;

  private constructor(variant: Variant, workerd: DirectWorkerd, load: LoadProcess, folder: string) {
    this.#variant = variant;
    this.#workerd = workerd;
    this.#load = load;
    this.#folder = folder;
  }

  static async start(variant: Variant, load: LoadProcess): Promise<Racer> {
    const { main, vars = {}, prepare } = variant;
    const folder = await mkdtemp(join(tmpdir(), 'jambench-ingest-'));
    const workerd = await startDirect({ code: await bundleWorker(main), persist: folder, vars });
    await prepare(await workerd.database());
    const racer = new Racer(variant, workerd, load, folder);
    await racer.meetUnits();
    return racer;
  }

  /** One reading of each unit: what is found out at the first is not what is measured. */
  async meetUnits(): Promise<void> {
    const options = { rounds: 0, seconds: 0, connections: MEETING, hang_up: 0 };
    while (this.#next < UNITS) await this.play(options, 0, METERED_MS);
  }

  async stop(): Promise<void> {
    await this.#workerd.stop();
    await rm(this.#folder, { recursive: true });
  }

  /** Goes on with a meter, under the same load, and asks it. */
  async written(options: BenchOptions): Promise<Written> {
    const { metered, vars = {} } = this.#variant;
    await this.#workerd.stop();
    const code = await bundleWorker(metered);
    this.#workerd = await startDirect({ code, persist: this.#folder, vars });
    await this.#meter();
    const { answered } = await this.play({ ...options, hang_up: 0 }, 0, METERED_MS);
    const { rows_written, shard_rows_written = 0, shard_commits = 0 } = await this.#meter();
    return {
      rows: (rows_written + shard_rows_written) / answered,
      per_commit: shard_commits > 0 ? answered / shard_commits : Number.NaN,
    };
  }

  async #meter(): Promise<Meter> {
    const { host, port } = this.#workerd;
    return (await (await fetch(`http://${host}:${port}/meter`)).json()) as Meter;
  }

  async turn(options: BenchOptions, warmUpMs: number): Promise<Turn> {
    const { result, cpu_ms } = await this.play(options, warmUpMs, options.seconds * 1000);
    const { took_ms, counted_ms, statuses, unanswered } = result;
    const refused = Object.entries(statuses).filter(([status]) => status !== '201');
    return {
      per_second: (took_ms.length / counted_ms) * 1000,
      cpu_ms: cpu_ms / took_ms.length,
      p50_ms: quantile(took_ms, 0.5),
      p99_ms: quantile(took_ms, 0.99),
      refused: refused.reduce((sum, [, n]) => sum + n, 0),
      unanswered,
    };
  }

  async play({ connections, hang_up }: BenchOptions, warm_up_ms: number, measure_ms: number) {
    const { host, port, pid } = this.#workerd;
    const cpu: number[] = [];
    const plan = { host, port, connections, hang_up, warm_up_ms, measure_ms, last_s: LAST_S };
    const onCounting = () => void cpu.push(cpuMs(pid));
    const result = await this.#load.run({ ...plan, first: this.#next }, onCounting);
    this.#next = result.next;
    const answered = Object.values(result.statuses).reduce((sum, n) => sum + n, 0);
    return { result, answered, cpu_ms: (cpu[1] ?? Number.NaN) - (cpu[0] ?? Number.NaN) };
  }
}
