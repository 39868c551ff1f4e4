/**
 * `npm run sim:scale`: a million units in simulated time, the production code on this machine, by
 * playing their shards at full load, one or all: readings a commit, rows a reading, memory, what an
 * outage brings, and what a month costs.
 */

import { parseArgs } from 'node:util';
import { numberOption, runCli } from '../../scripts/cli.ts';
import { markdownTable } from '../../scripts/figures/figures.ts';
import { writeFigures } from '../../scripts/figures/write.ts';
import { type Bill, billOf } from './bill.ts';
import {
  CPU_A_READING_MS,
  type Drain,
  PLAYED,
  type Played,
  type PlayOptions,
  play,
  playShards,
  UNITS_A_SHARD,
} from './play.ts';

const USAGE = `npm run sim:scale -- [options]: a million units in simulated time
  --shards N     of 25,000 units each, played one after the other; 40 are a million (1)
  --hours N      as usual, before a region goes out (2)
  --region P     part of the units in it (0.3)
  --out N        hours for which it is out (2)
  --window N     milliseconds that a shard waits for more of one commit (25)
  --cpu N        milliseconds of the shard's thread for a reading (1: an object is said to bear a
                 thousand requests a second)
  --write        put the figures into docs/deploy.md`;

runCli(USAGE, main);

/** The fleets that are billed. */
const FLEETS = [10_000, 100_000, 1_000_000, 10_000_000];

async function main(args: string[]): Promise<void> {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      shards: { ...string, default: '1' },
      hours: { ...string, default: '2' },
      region: { ...string, default: '0.3' },
      out: { ...string, default: '2' },
      window: { ...string, default: '25' },
      cpu: { ...string, default: '1' },
      write: { type: 'boolean', default: false },
    },
  });
  const options: PlayOptions = {
    ...PLAYED,
    units: UNITS_A_SHARD,
    usual_hours: numberOption('hours', values.hours, 1, 48),
    region: numberOption('region', values.region, 0, 1),
    region_hours: numberOption('out', values.out, 0.1, 24),
    window_ms: numberOption('window', values.window, 1, 1000),
    cpu_ms: numberOption('cpu', values.cpu, 0.01, 10),
  };
  const tell = (words: string) => console.log(words);
  const shards = numberOption('shards', values.shards, 1, 400);
  const full = playShards(options, shards, tell);
  const mb = process.memoryUsage().rss / 1e6;
  const all = play({ ...options, usual_hours: 1, region: 1 }, tell);
  const small = play({ ...options, units: 5000, region: 0, usual_hours: 1 }, tell);
  const bills = FLEETS.map((units) => {
    const shards = Math.max(2, Math.ceil(units / UNITS_A_SHARD));
    const { usual } = units / shards < UNITS_A_SHARD / 2 ? small : full;
    return billOf({ units, shards, usual, cpu_ms: CPU_A_READING_MS });
  });
  const text = `${shardTable(options, shards, mb, full, all)}\n\n${billsTable(bills)}`;
  console.log(`\n${text}`);
  if (values.write) writeFigures('scale', text);
}

function shardTable(
  options: PlayOptions,
  shards: number,
  mb: number,
  full: Played,
  all: Played,
): string {
  const { usual } = full;
  const rows: [string, string][] = [
    ['shards played', String(shards)],
    ['units of them', String(options.units * shards)],
    ['memory of the whole play, a shard at a time, MB', mb.toFixed(0)],
    ['requests a second', usual.requests_a_second.toFixed(1)],
    ['readings a commit', usual.a_commit.toFixed(2)],
    ['rows written a reading', usual.rows.toFixed(3)],
    ['bytes written a reading', usual.bytes.toFixed(0)],
  ];
  const { region, region_hours } = options;
  const drains: [string, Drain | null][] = [
    [`${region * 100} % of them out for ${region_hours} h`, full.drain],
    [`one shard, all of it out for ${region_hours} h`, all.drain],
  ];
  for (const [what, drain] of drains) {
    if (!drain) continue;
    rows.push(
      [`${what}: readings that wait then`, String(drain.backlog_max)],
      ['… requests answered 503', String(drain.refused)],
      ['… longest wait of a request, ms', drain.waited_ms_max.toFixed(0)],
      ['… minutes until drained', (drain.drained_s / 60).toFixed(1)],
      ['… readings that units had no room for', String(drain.forgotten)],
    );
  }
  return markdownTable(['as usual, and after an outage', 'figure'], rows);
}

function billsTable(bills: readonly Bill[]): string {
  const names = Object.keys(bills[0]?.dollars ?? {});
  return markdownTable(
    ['units', ...bills.map(({ units }) => units.toLocaleString('en-GB'))],
    [
      ['shards of units', ...bills.map(({ shards }) => String(shards))],
      ...names.map((name) => [
        `${name}, dollars`,
        ...bills.map(({ dollars }) => (dollars[name] ?? 0).toFixed(0)),
      ]),
      ['for each unit, dollars', ...bills.map(({ each }) => each.toFixed(4))],
    ],
  );
}
