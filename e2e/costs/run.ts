/**
 * `npm run costs`: which plans are needed and what a month costs for 100, 1,000 and 10,000 units,
 * from what a reading, a run and a visit are measured to take (costs/measure.ts), from how many of
 * them there are (costs/usage.ts) and from the prices in costs/prices.ts. `-- 250 5000` for others.
 */
import { runCli, UsageError } from '../../scripts/cli.ts';
import { measure } from './measure.ts';
import { type Bill, billFor, type Measured, type Rows } from './usage.ts';

const UNITS = [100, 1000, 10_000];

const USAGE = 'npm run costs -- [NUMBER OF UNITS …], for example: npm run costs -- 250 5000';

// The harness keeps the process alive for a while after it is closed.
runCli(USAGE, main, { leave: true });

async function main(args: string[]): Promise<void> {
  const asked = args.map(Number);
  const units = asked.length > 0 ? asked : UNITS;
  if (units.some((n) => !Number.isInteger(n) || n < 1)) throw new UsageError(USAGE);
  const measured = await measure((words) => console.log(words));
  printMeasured(measured);
  printBills(units.map((n) => billFor(n, measured)));
}

function printMeasured(m: Measured): void {
  const line = (name: string, { rows_read, rows_written }: Rows) =>
    console.log(
      `  ${name.padEnd(34)}${rows_read.toFixed(1).padStart(10)}${rows_written.toFixed(2).padStart(10)}`,
    );
  console.log(`\nMeasured: rows of D1${'read'.padStart(26)}${'written'.padStart(10)}`);
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
  console.log(
    `  bytes: a reading ${m.reading_bytes.toFixed(0)}, a bucket ${m.rollup_bytes.toFixed(0)}, in Supabase ${supabase}`,
  );
}

function printBills(all: readonly Bill[]): void {
  const row = (name: string, value: (bill: Bill) => string) =>
    console.log(`  ${name.padEnd(26)}${all.map((bill) => value(bill).padStart(14)).join('')}`);
  const million = (n: number) => `${(n / 1e6).toFixed(1)} M`;
  const gb = (n: number | null) => (n === null ? '?' : `${(n / 1e9).toFixed(1)} GB`);
  console.log('\nA month');
  row('units', ({ units: n }) => String(n));
  row('locations', ({ locations }) => String(locations));
  row('requests', ({ month }) => million(month.requests));
  row('D1 rows read', ({ month }) => million(month.rows_read));
  row('D1 rows written', ({ month }) => million(month.rows_written));
  row('D1, when it is full', ({ month }) => gb(month.d1_bytes));
  row('Supabase, in five years', ({ supabase_bytes }) => gb(supabase_bytes));
  console.log('Dollars');
  for (const name of Object.keys(all[0]?.dollars ?? {})) {
    row(name, ({ dollars }) => (dollars[name] ?? 0).toFixed(2));
  }
  row('together', ({ total }) => total.toFixed(2));
  row('for each unit', ({ total, units: n }) => (total / n).toFixed(3));
  console.log('');
  for (const { units: n, plan, limits } of all) {
    console.log(`${n} units. ${[plan, ...limits].join('. ')}.`);
  }
}
