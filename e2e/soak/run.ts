/**
 * `npm run soak`: virtual units with the built firmware live their days against the Worker in
 * workerd, under random faults; every five-minute period must be accounted for.
 *
 *   npm run soak -- [--units 20] [--days 30] [--seed 1] [--density 1] [--save lives.json]
 *
 * `--save` keeps what happened and what was stored, to look into a complaint. Prints the
 * ledger; exit code 1 when a period is unexplained or stored twice.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { numberOption, runCli } from '../../scripts/cli.ts';
import { writeFigures } from '../../scripts/figures/write.ts';
import { SoakBackend } from './backend.ts';
import { ledgerTable, ledgerText, sumOf } from './ledger.ts';
import type { Ledger } from './oracle.ts';
import { soak } from './soak.ts';

const OPTIONS = {
  units: { type: 'string', default: '20' },
  days: { type: 'string', default: '30' },
  seed: { type: 'string', default: '1' },
  density: { type: 'string', default: '1' },
  write: { type: 'boolean', default: false },
  save: { type: 'string' },
} as const;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const units = numberOption('units', values.units, 1, 1000);
  const days = numberOption('days', values.days, 1, 60);
  const seed = numberOption('seed', values.seed, 0, 1_000_000);
  const density = numberOption('density', values.density, 0.01, 100);
  const begin = performance.now();
  const backend = await SoakBackend.start();
  try {
    const onUnit = ({ unit, unexplained, stored_twice }: Ledger) =>
      console.log(`${unit} has lived: ${unexplained} unexplained, ${stored_twice} twice`);
    const lived = await soak(backend, { units, days, seed, density, onUnit });
    if (values.save) writeFileSync(values.save, JSON.stringify(lived, setsAsLists));
    const ledgers = lived.map(({ ledger }) => ledger);
    const sums = await backend.sums();
    console.log(ledgerText(ledgers));
    const seconds = Math.round((performance.now() - begin) / 1000);
    console.log(`${units} units, ${days} days, seed ${seed}: ${seconds} s`);
    console.log(`${backend.requests} requests; impressions: ${JSON.stringify(sums)}`);
    const { unexplained, stored_twice } = sumOf(ledgers);
    if (values.write) {
      const run = `${units} units, ${days} days, seed ${seed}: ${backend.requests} requests`;
      writeFigures('soak', `${run}, ${seconds} s.\n\n${ledgerTable(ledgers)}`);
    }
    return unexplained + stored_twice > 0 || sums.readings !== sums.place ? 1 : 0;
  } finally {
    await backend.stop();
  }
}

function setsAsLists(_: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}

const USAGE = `npm run soak -- [options]
  --units N     so many virtual units (20)
  --days N      of their lives (30)
  --seed N      of the faults (1)
  --density N   of the faults, 1 is usual (1)
  --write       put the result into docs/soak.md
  --save FILE   keep what happened and what was stored`;

// The harness keeps the process alive for a while after it is closed.
runCli(USAGE, main, { leave: true });
