/**
 * `npm run bench:visits`: error of the unit's estimate of visits and occupancy against the truth of
 * the virtual street, beside counting addresses. Prints the table of docs/visits.md.
 *
 * The reporting seeds were never looked at while the estimate was tuned; `--tuning` uses the
 * others.
 */
import { runCli } from './cli.ts';
import { markdownTable } from './figures/figures.ts';
import { writeFigures } from './figures/write.ts';
import {
  AddressCount,
  CROWDS,
  type Crowd,
  HOUR_MS,
  listen,
  PERIOD_MS,
  streetOf,
  truthOf,
} from './visits-bench/crowd.ts';
import { type Estimator, loadEstimator } from './visits-bench/estimator.ts';

const PEOPLE = [1, 5, 20, 60] as const;
const SEEDS = { tuning: [101, 102, 103, 104], reporting: [9001, 9002, 9003, 9004, 9005, 9006] };
/** The street fills and the unit learns its phones; not measured. */
const WARM_UP_HOURS = 1;
const HOURS = 4;

interface Sums {
  truth: number;
  error: number;
  absolute: number;
}

const sums = (): Sums => ({ truth: 0, error: 0, absolute: 0 });

function add(to: Sums, truth: number, estimate: number): void {
  to.truth += truth;
  to.error += estimate - truth;
  to.absolute += Math.abs(estimate - truth);
}

const percent = (part: number, { truth }: Sums): string => {
  const value = Math.round((100 * part) / Math.max(truth, 1e-9));
  return `${value > 0 ? '+' : ''}${value} %`;
};
const cells = (s: Sums): string[] => [percent(s.absolute, s).replace('+', ''), percent(s.error, s)];

/** Runs one street and adds each hour's visits and each period's occupancy to the sums. */
function measure(
  { crowd, people, seed }: { crowd: Crowd; people: number; seed: number },
  unit: Estimator,
  to: Sums[],
): void {
  const [visits, naiveVisits, occupancy, naiveOccupancy] = to as [Sums, Sums, Sums, Sums];
  const street = streetOf(crowd, people, seed);
  const addresses = new AddressCount();
  let minute = 0;
  const hour = { unit: 0, addresses: 0 };
  listen(street, WARM_UP_HOURS + HOURS, {
    frame(bytes, ms) {
      unit.frame(bytes, ms);
      addresses.frame(bytes);
    },
    tick(ms) {
      unit.tick(ms);
      for (; minute < Math.floor(ms / 60_000); minute += 1) addresses.minute();
    },
    period(endMs) {
      const own = unit.close(PERIOD_MS);
      const naive = addresses.close();
      if (endMs <= WARM_UP_HOURS * HOUR_MS) return;
      hour.unit += own.visits;
      hour.addresses += naive.visits;
      const truth = truthOf(street, endMs - PERIOD_MS, endMs);
      add(occupancy, truth.people, own.people);
      add(naiveOccupancy, truth.people, naive.people);
      if (endMs % HOUR_MS !== 0) return;
      const hourly = truthOf(street, endMs - HOUR_MS, endMs).visits;
      add(visits, hourly, hour.unit);
      add(naiveVisits, hourly, hour.addresses);
      hour.unit = hour.addresses = 0;
    },
  });
}

async function main(args: string[]): Promise<void> {
  const seeds = args.includes('--tuning') ? SEEDS.tuning : SEEDS.reporting;
  const makeUnit = await loadEstimator();
  const rows: string[][] = [];
  for (const crowd of CROWDS) {
    for (const people of PEOPLE) {
      const results = [sums(), sums(), sums(), sums()];
      for (const seed of seeds) {
        measure({ crowd, people, seed }, await makeUnit(seed), results);
      }
      const [visits, naive, occupancy, naiveOccupancy] = results as [Sums, Sums, Sums, Sums];
      const perHour = (visits.truth / seeds.length / HOURS).toFixed(1);
      const mean = (occupancy.truth * PERIOD_MS) / seeds.length / HOURS / HOUR_MS;
      const left = [crowd.name, String(people), perHour, ...cells(visits), ...cells(naive)];
      rows.push([...left, mean.toFixed(1), ...cells(occupancy), ...cells(naiveOccupancy)]);
    }
  }
  const text = markdownTable(HEAD, rows);
  if (args.includes('--write')) writeFigures('visits', text);
  else console.log(text);
}

const HEAD =
  `crowd|people|visits/h|MAE|bias|addresses: MAE|bias|occupancy|MAE|bias|addresses: MAE|bias`.split(
    '|',
  );

const USAGE = `npm run bench:visits -- [options]: error of the estimate of visits
  --tuning  on the seeds that it was tuned on
  --write   put the table into docs/visits.md`;

runCli(USAGE, main);
