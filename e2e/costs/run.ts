/**
 * `npm run costs`: which plans are needed and what a month costs for 100, 1,000 and 10,000 units,
 * from what a reading, a run and a visit are measured to take (costs/measure.ts), from how many of
 * them there are (costs/usage.ts) and from the prices in costs/prices.ts. `-- 250 5000` for others.
 */
import { runCli, UsageError } from '../../scripts/cli.ts';
import { markdownTable } from '../../scripts/figures/figures.ts';
import { writeFigures } from '../../scripts/figures/write.ts';
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
  const bills = units.map((n) => billFor(n, measured));
  console.log(`\nA month\n\n${billsTable(bills)}\n`);
  const words = bills.map(
    ({ units: n, plan, limits }) => `${n} units. ${[plan, ...limits].join('. ')}.`,
  );
  for (const line of words) console.log(line);
  if (write)
    writeFigures('costs', `${billsTable(bills)}\n\n${words.map((line) => `- ${line}`).join('\n')}`);
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
      row('D1, when it is full', ({ month }) => gb(month.d1_bytes)),
      row('Supabase, in five years', ({ supabase_bytes }) => gb(supabase_bytes)),
      ...names.map((name) =>
        row(`${name}, dollars`, ({ dollars }) => (dollars[name] ?? 0).toFixed(2)),
      ),
      row('together', ({ total }) => total.toFixed(2)),
      row('for each unit', ({ total, units: n }) => (total / n).toFixed(3)),
    ],
  );
}
