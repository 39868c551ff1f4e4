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
import { AppError } from '../../shared/errors.ts';
import { SoakBackend } from './backend.ts';
import { ledgerText, sumOf } from './ledger.ts';
import type { Ledger } from './oracle.ts';
import { soak } from './soak.ts';

const OPTIONS = {
  units: { type: 'string', default: '20' },
  days: { type: 'string', default: '30' },
  seed: { type: 'string', default: '1' },
  density: { type: 'string', default: '1' },
  save: { type: 'string' },
} as const;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  const units = numberOf('units', values.units, 1, 1000);
  const days = numberOf('days', values.days, 1, 60);
  const seed = numberOf('seed', values.seed, 0, 1_000_000);
  const density = numberOf('density', values.density, 0.01, 100);
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
    return unexplained + stored_twice > 0 || sums.readings !== sums.rollups ? 1 : 0;
  } finally {
    await backend.stop();
  }
}

function setsAsLists(_: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}

function numberOf(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= min && value <= max)) {
    throw new AppError('invalid', `--${name} "${text}" must be a number from ${min} to ${max}.`);
  }
  return value;
}

try {
  // The harness keeps the process alive for a while after it is closed.
  process.exit(await main());
} catch (error) {
  const sentence = error instanceof AppError ? `${error.message} ${error.hint}` : String(error);
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
