/**
 * `npm test`: every check there is, in stages, two at a time; a failed stage hides no other. Ends
 * with `N passed, N failed, N skipped` over all of them. Arguments name stages to run alone;
 * `--no-install` leaves the machine alone.
 */

import { availableParallelism } from 'node:os';
import { runCli, UsageError } from './cli.ts';
import { inLanes } from './test/lanes.ts';
import { ensurePackages } from './test/packages.ts';
import { one, STAGES, type Stage, type StageResult } from './test/stages.ts';
import { sum, tallyLine } from './test/tally.ts';

const NO_INSTALL = '--no-install';

async function main(args: string[]): Promise<number> {
  const chosen = args.filter((arg) => arg !== NO_INSTALL);
  const stages = STAGES.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
  if (stages.length < chosen.length) throw new UsageError(USAGE);
  const begin = Date.now();
  await ensurePackages(!args.includes(NO_INSTALL));
  const results = await inLanes(stages, lanes(), runStage);
  const total = sum([...results.values()].map(({ tally }) => tally));
  for (const { name, reason } of total.skipped) console.log(`skipped: ${name}: ${reason}`);
  console.log(`\nAll stages in ${seconds(begin)}.`);
  console.log(tallyLine(total));
  return total.failed === 0 ? 0 : 1;
}

/** Most stages wait a good part of their time or keep one core busy: two fit beside each other. */
function lanes(): number {
  return Math.min(2, availableParallelism());
}

async function runStage(
  stage: Stage,
  before: ReadonlyMap<string, StageResult>,
): Promise<StageResult> {
  const begin = Date.now();
  const lacking = stage.needs?.find((name) => (before.get(name)?.tally.failed ?? 0) > 0);
  const result = lacking
    ? { output: `cannot run: the stage ${lacking} failed`, tally: one(false) }
    : await stage.run();
  const { tally, output } = result;
  if (tally.failed > 0) console.log(`\n── ${stage.name} ──\n${output.trimEnd()}\n`);
  console.log(`${stage.name.padEnd(14)}${seconds(begin).padStart(8)}  ${tallyLine(tally)}`);
  return result;
}

function seconds(begin: number): string {
  return `${((Date.now() - begin) / 1000).toFixed(1)} s`;
}

const USAGE = `npm test -- [--no-install] [STAGE …]
  --no-install  leave the machine as it is
Stages are: ${STAGES.map(({ name }) => name).join(', ')}`;

/** Prints a tally whatever happens: somebody counts them. */
async function withTally(args: string[]): Promise<number> {
  try {
    return await main(args);
  } catch (error) {
    if (!(error instanceof UsageError)) console.log(tallyLine(one(false)));
    throw error;
  }
}

runCli(USAGE, withTally, { leave: true });
