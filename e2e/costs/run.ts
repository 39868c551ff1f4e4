/**
 * `npm run costs`: which plans are needed and what a month costs for 100, 1,000 and 10,000 units,
 * from what a run and a visit are measured to take (costs/measure.ts), what readings let a shard
 * write when they are played at that fleet's pace (scale/play.ts), how many there are
 * (costs/assumed.ts) and from the prices in costs/prices.ts. `-- 250 5000` for others.
 */
import { runCli, UsageError } from '../../scripts/cli.ts';
import { markdownTable } from '../../scripts/figures/figures.ts';
import { writeFigures } from '../../scripts/figures/write.ts';
import type { Fleet } from '../scale/bill.ts';
import { CPU_A_READING_MS, PLAYED, play, UNITS_A_SHARD } from '../scale/play.ts';
import { measure } from './measure.ts';
import { type Bill, billFor, type Measured, type Rows } from './usage.ts';

const UNITS = [100, 1000, 10_000];

const USAGE = `npm run costs -- [--write] [NUMBER OF UNITS …], such as: npm run costs -- 250 5000
  --write  put what a month costs into docs/deploy.md`;

// The harness keeps the process alive for a while after it is closed.
runCli(USAGE, main, { leave: true });

async function main(args: string[]): Promise<void> {
  const write = args.includes('--write');
  const asked = args.filter((arg) => arg !== '--write').map(Number);
  const units = asked.length > 0 ? asked : UNITS;
  if (units.some((n) => !Number.isInteger(n) || n < 1)) throw new UsageError(USAGE);
  const measured = await measure((words) => console.log(words));
  printMeasured(measured);
  const bills = units.map((n) => billFor(fleetOf(n), measured));
  console.log(`\nA month\n\n${billsTable(bills)}\n`);
  const words = bills.map(({ units: n, plan }) => `${n} units. ${plan}.`);
  for (const line of words) console.log(line);
  if (write)
    writeFigures('costs', `${billsTable(bills)}\n\n${words.map((line) => `- ${line}`).join('\n')}`);
}

/** A fleet with as many shards as it needs, and its readings at its own pace. */
function fleetOf(units: number): Fleet {
  const shards = Math.ceil(units / UNITS_A_SHARD);
  const played = play({ ...PLAYED, units: Math.ceil(units / shards) }, () => {});
  return { units, shards, usual: played.usual, cpu_ms: CPU_A_READING_MS };
}

function printMeasured(m: Measured): void {
  const line = (name: string, { rows_read, rows_written, shard_rows_written }: Rows) => {
    const figures = [rows_read.toFixed(1), rows_written.toFixed(2), shard_rows_written.toFixed(2)];
    console.log(`  ${name.padEnd(34)}${figures.map((figure) => figure.padStart(10)).join('')}`);
  };
  const head = ['D1 read', 'written', 'by shards'].map((word) => word.padStart(10)).join('');
  console.log(`\n${'Measured: rows'.padEnd(36)}${head}`);
  line('a reading', m.reading);
  line('a heartbeat', m.heartbeat);
  line('a configuration', m.config);
  line('a question for an update', m.update_check);
  line('a five-minute run', m.job);
  line('… and for each unit', m.job_per_unit);
  line('an hourly run', m.hourly);
  line('… and for each unit', m.hourly_per_unit);
  line(`a visit of the Store (${m.store_visit.requests} requests)`, m.store_visit);
  line(`a visit of the fleet (${m.fleet_visit.requests} requests)`, m.fleet_visit);
  const supabase = m.foot_traffic_bytes?.toFixed(0) ?? 'not measured (no PostgreSQL here)';
  console.log(`  a bucket in Supabase: ${supabase} bytes`);
}

/** Money in dollars. */
function billsTable(all: readonly Bill[]): string {
  const row = (name: string, value: (bill: Bill) => string) => [name, ...all.map(value)];
  const million = (n: number) => `${(n / 1e6).toFixed(1)} M`;
  const gb = (n: number | null) => (n === null ? '?' : `${(n / 1e9).toFixed(1)} GB`);
  const names = Object.keys(all[0]?.dollars ?? {});
  return markdownTable(
    row('units', ({ units: n }) => String(n)),
    [
      row('locations', ({ locations }) => String(locations)),
      row('requests', ({ month }) => million(month.requests)),
      row('D1 rows read', ({ month }) => million(month.rows_read)),
      row('D1 rows written', ({ month }) => million(month.rows_written)),
      row('rows written by shards', ({ month }) => million(month.object_rows_written)),
      row('kept in shards', ({ month }) => gb(month.object_bytes)),
      row('Supabase, in five years', ({ supabase_bytes }) => gb(supabase_bytes)),
      ...names.map((name) =>
        row(`${name}, dollars`, ({ dollars }) => (dollars[name] ?? 0).toFixed(2)),
      ),
      row('together', ({ total }) => total.toFixed(2)),
      row('for each unit', ({ total, units: n }) => (total / n).toFixed(3)),
    ],
  );
}
