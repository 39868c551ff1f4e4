/**
 * `npm test`: every check there is, stage after stage; a failed stage does not hide the next. Ends
 * with `N passed, N failed, N skipped` over all of them. Arguments name stages to run alone;
 * `--no-install` leaves the machine alone.
 */
import { ensurePackages } from './test/packages.ts';
import { one, STAGES, type Stage, type StageResult } from './test/stages.ts';
import { sum, tallyLine } from './test/tally.ts';

const NO_INSTALL = '--no-install';
const chosen = process.argv.slice(2).filter((arg) => arg !== NO_INSTALL);

async function main(): Promise<number> {
  const stages = STAGES.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
  if (stages.length < chosen.length) {
    console.error(`Stages are: ${STAGES.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const begin = Date.now();
  await ensurePackages(!process.argv.includes(NO_INSTALL));
  const results = new Map<string, StageResult>();
  for (const stage of stages) results.set(stage.name, await runStage(stage, results));
  const total = sum([...results.values()].map(({ tally }) => tally));
  for (const { name, reason } of total.skipped) console.log(`skipped: ${name}: ${reason}`);
  console.log(`\nAll stages in ${seconds(begin)}.`);
  console.log(tallyLine(total));
  return total.failed === 0 ? 0 : 1;
}

async function runStage(stage: Stage, before: Map<string, StageResult>): Promise<StageResult> {
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

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    console.log('0 passed, 1 failed, 0 skipped');
    process.exit(1);
  },
);
