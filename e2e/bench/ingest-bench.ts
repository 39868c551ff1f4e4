/**
 * `npm run bench:ingest`: how many readings a second the Worker takes in, on workerd's own socket,
 * with its data on disk, beside a handler that does no more than one INSERT for each request.
 * Reports, judges nothing.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { numberOption, runCli } from '../../scripts/cli.ts';
import { TEST_VARS } from '../testing/worker-stack.ts';
import { UNITS } from './ingest/readings.ts';
import { type BenchOptions, playRounds, type Turn, type Written } from './ingest/rounds.ts';
import { median, medianInterval } from './ingest/statistics.ts';
import { VARIANTS } from './ingest/variants.ts';

const USAGE = `npm run bench:ingest -- [options]: readings a second that the Worker takes in
  --rounds N        in each, every variant has a turn (5)
  --seconds N       of a turn (5)
  --connections N   each sends its next reading when the last one is answered (32)
  --hang-up P       part of the requests whose client hangs up before the answer, 0 to 0.9 (0)
  --only TEXT       the baseline, and variants with TEXT in their names`;

// Miniflare keeps the process alive for a while after it is closed.
runCli(USAGE, main, { leave: true });

async function main(args: string[]): Promise<void> {
  const { options, only } = optionsOf(args);
  const variants = VARIANTS.filter(({ name }, i) => i === 0 || name.includes(only));
  console.log(methodOf(options));
  const played = await playRounds(variants, options, (words) => console.log(words));
  const base = played[0]?.turns ?? [];
  console.log(`\n${row(HEAD)}`);
  for (const [i, { turns, written }] of played.entries()) {
    console.log(lineOf(variants[i]?.name ?? '', turns, base, written));
  }
}

function optionsOf(args: string[]): { options: BenchOptions; only: string } {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      rounds: { ...string, default: '5' },
      seconds: { ...string, default: '5' },
      connections: { ...string, default: '32' },
      'hang-up': { ...string, default: '0' },
      only: { ...string, default: '' },
    },
  });
  const options = {
    rounds: numberOption('rounds', values.rounds, 1, 1000),
    seconds: numberOption('seconds', values.seconds, 1, 600),
    connections: numberOption('connections', values.connections, 1, 1000),
    hang_up: numberOption('hang-up', values['hang-up'], 0, 0.9),
  };
  return { options, only: values.only };
}

function methodOf({ rounds, seconds, connections, hang_up }: BenchOptions): string {
  const hangs =
    hang_up > 0 ? `\n${hang_up * 100} % of requests are hung up on and sent again;` : '';
  return `${rounds} rounds of turns of ${seconds} s, who begins changes.
Each variant in a workerd of its own on this machine, on workerd's own socket, SQLite on disk,
limiters in memory as the platform's; ${connections} connections, HTTP/1.1 kept alive;${hangs}
the load in a process of its own; ${UNITS} units, bodies of v5.x and v6 in turn; one shard, whose
window for single readings is ${TEST_VARS.SHARD_WINDOW_MS} ms (25 ms in production).
Figures are medians of the rounds; ratios are medians of the rounds' ratios to the first variant,
with the interval that holds the median in 90 %. CPU is user and system time of workerd for each
answer. Rows, of D1 and shards together, and readings a
commit of a shard are by the meter of workerd, in a turn of its own after the rounds.
Load of the machine before: ${loadavg()[0]?.toFixed(1)}.
`;
}

const WIDTHS = [24, 10, 20, 10, 9, 9, 8, 10, 9];
const HEAD = [
  'variant',
  'readings/s',
  'ratio',
  'CPU ms',
  'p50 ms',
  'p99 ms',
  'rows',
  'a commit',
  'not 201',
];
const row = (cells: readonly string[]) =>
  cells
    .map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[i] ?? 0) : cell.padStart(WIDTHS[i] ?? 0)))
    .join('');

function lineOf(
  name: string,
  turns: readonly Turn[],
  base: readonly Turn[],
  written: Written,
): string {
  const of = (key: keyof Turn) => median(turns.map((turn) => turn[key]));
  const ratios = turns.map((turn, i) => turn.per_second / (base[i]?.per_second ?? Number.NaN));
  const [low, high] = medianInterval(ratios).map((ratio) => ratio.toFixed(2));
  return row([
    name,
    of('per_second').toFixed(0),
    `${median(ratios).toFixed(2)} (${low}–${high})`,
    of('cpu_ms').toFixed(3),
    of('p50_ms').toFixed(1),
    of('p99_ms').toFixed(1),
    written.rows.toFixed(2),
    written.per_commit ? written.per_commit.toFixed(1) : '–',
    String(turns.reduce((sum, { refused }) => sum + refused, 0)),
  ]);
}
