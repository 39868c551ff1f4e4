/**
 * `npm run trial:kill`: workerd under load is killed with SIGKILL, several times on one folder,
 * while clients send again what was not answered; nothing acknowledged may be missing, nothing may
 * be there twice, and the sums must be those of what is stored. Ends with 1 if it is not so.
 */
import { parseArgs } from 'node:util';
import { numberOption, runCli } from '../../scripts/cli.ts';
import { killTrial, type Trial, type TrialOptions } from './ingest/trial.ts';
import { VARIANTS } from './ingest/variants.ts';

const USAGE = `npm run trial:kill -- [options]: is anything lost when workerd is killed under load?
  --kills N         SIGKILLs to workerd (10)
  --seconds N       that the load takes, in all (30)
  --connections N   each sends a reading until it is answered (32)
  --hang-up P       part of the requests whose client hangs up before the answer, 0 to 0.9 (0)
  --only TEXT       variants with TEXT in their names`;

// Miniflare keeps the process alive for a while after it is closed.
runCli(USAGE, main, { leave: true });

async function main(args: string[]): Promise<number> {
  const { options, only } = optionsOf(args);
  let passed = true;
  for (const variant of VARIANTS.slice(1).filter(({ name }) => name.includes(only))) {
    const trial = await killTrial(variant, options);
    console.log(`${variant.name}: ${wordsOf(trial)}`);
    const { lost, twice, wrong_sums, given_up, held } = trial;
    passed &&= lost + twice + (wrong_sums ?? 0) + given_up + held === 0;
  }
  return passed ? 0 : 1;
}

function optionsOf(args: string[]): { options: TrialOptions; only: string } {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      kills: { ...string, default: '10' },
      seconds: { ...string, default: '30' },
      connections: { ...string, default: '32' },
      'hang-up': { ...string, default: '0' },
      only: { ...string, default: '' },
    },
  });
  const options = {
    kills: numberOption('kills', values.kills, 0, 1000),
    seconds: numberOption('seconds', values.seconds, 1, 3600),
    connections: numberOption('connections', values.connections, 1, 1000),
    hang_up: numberOption('hang-up', values['hang-up'], 0, 0.9),
  };
  return { options, only: values.only };
}

function wordsOf(trial: Trial): string {
  const { kills, sent, lost, twice, wrong_sums, unanswered, repeats, given_up, held } = trial;
  const sums = wrong_sums === null ? 'no sums kept' : `${wrong_sums} wrong sums of buckets`;
  return `${sent} readings acknowledged over ${kills} SIGKILLs:
  ${lost} lost, ${twice} stored twice, ${sums}
  ${unanswered} requests had no answer and were sent again, ${repeats} were known by then
  ${given_up} readings given up, other answers: ${JSON.stringify(trial.refusals)}
  at rest: ${held} connections held, the slowest hundredth took ${trial.p99_ms.toFixed(0)} ms`;
}
